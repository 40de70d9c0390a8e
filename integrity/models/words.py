"""Search in titles: pairs of characters made by PostgreSQL itself, so that an index can hold them without a column."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

_JUNK = (
    r"""[\s·•\-—－_,，.。、()（）\[\]【】《》<>“”"''‘’:：;；/\\|]+"""  # as integrity.search strips it, quoted for SQL
)
_PLAIN = f"regexp_replace(lower(normalize(%(expressions)s, NFKC)), '{_JUNK}', '', 'g')"
_PAIRS = r"regexp_replace({}, '(..)', '\1 ', 'g')"


class Grams(Func):
    """The bigrams of a text as a tsvector: pairs from the first character on, and from the second."""

    output_field = SearchVectorField()
    template = (
        f"array_to_tsvector(array_remove(string_to_array({_PAIRS.format(_PLAIN)} || ' ' || "
        f"{_PAIRS.format(f'substr({_PLAIN}, 2)')}, ' '), ''))"
    )


class Lexemes(SearchQuery):
    """A query of ready-made lexemes, past PostgreSQL's word parser, which would split digits from characters."""

    template = "%(expressions)s::tsquery"
