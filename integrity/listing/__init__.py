"""Lists of the nouns as machines read them: which rows, which columns, by which keys and filters, shown how.

The API, its exports and its explorer all read through these. Rows never become model instances (speed.md, rule 4).
"""

from integrity.listing.base import Listing, bound, details, items, log_personal, public_values, rows_of, values_of
from integrity.listing.catalogue import AREAS, KINDS
from integrity.listing.matters import MATTERS
from integrity.listing.measures import MEASURES
from integrity.listing.members import MEMBERS
from integrity.listing.pledges import PLEDGES
from integrity.listing.records import RECORDS
from integrity.listing.subjects import ORGANISATIONS, SUBJECTS

LISTINGS = {
    listing.name: listing for listing in (SUBJECTS, ORGANISATIONS, RECORDS, MEASURES, PLEDGES, MATTERS, KINDS, AREAS)
}


def register(listing: Listing, members: list[str]) -> Listing:
    """Add an area's resource, with the words of its items as members.py writes them (called by the area's listings.py)."""
    if listing.name in LISTINGS:
        raise ValueError(f"there is already a listing {listing.name}")
    MEMBERS.setdefault(listing.schema, members)
    LISTINGS[listing.name] = listing
    return listing


__all__ = [
    "LISTINGS",
    "Listing",
    "bound",
    "details",
    "items",
    "log_personal",
    "public_values",
    "register",
    "rows_of",
    "values_of",
]
