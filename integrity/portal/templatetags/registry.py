"""Template tags of the registry, available everywhere."""

from django import template

register = template.Library()
