"""What a column may be named, in SPSS, Stata, R and REDCap at once.

Sources, each as read in November 2026: SPSS, IBM "Keywords" (Command Syntax Reference, Universals)
and PSPP manual 6.1 "Tokens"; Stata User's Guide, 11.3 "Naming conventions"; R, `?Reserved`; REDCap,
"Important Project Development Concepts" (lower-case letters, digits and underscores, 26 at most)
and the columns that REDCap's exports add.
"""

import re
from typing import Final

#: REDCap's limit; SPSS takes 64 bytes, Stata 32 characters.
LONGEST: Final = 26

_SPSS: Final = "all and by eq ge gt le lt ne not or to with"
_STATA: Final = (
    "_all _b byte _coef _cons double float if in int long _n _pi _pred _rc _skip strl using with"
)
_R: Final = (
    "if else repeat while function for next break true false null inf nan na na_integer_ na_real_"
    " na_complex_ na_character_ in"
)
_REDCAP: Final = (
    "record_id redcap_event_name redcap_csrf_token redcap_data_access_group redcap_repeat_instance"
    " redcap_repeat_instrument redcap_survey_identifier redcap_survey_timestamp"
)

RESERVED: Final = frozenset(" ".join((_SPSS, _STATA, _R, _REDCAP)).split())
#: Stata's types of text, str1 to str2045.
_STATA_TEXT: Final = re.compile(r"str\d+")
#: Columns that REDCap adds to each form.
_REDCAP_ENDINGS: Final = ("_complete", "_timestamp")
_SHAPE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def fault_of(name: str) -> str | None:
    """Why a name can't stand in all four programs, and what to do; None if it can."""
    if len(name) > LONGEST:
        return f"“{name}” has {len(name)} characters. Use at most {LONGEST}, as REDCap does."
    if name in RESERVED or _STATA_TEXT.fullmatch(name):
        return (
            f"“{name}” is a reserved word of SPSS, Stata, R or REDCap. Choose another, such as "
            f"“{name}_1”."
        )
    if name.endswith(_REDCAP_ENDINGS):
        return f"“{name}” ends as a column that REDCap adds by itself. Choose another ending."
    if not _SHAPE.fullmatch(name):
        return (
            f"“{name}” can't be a name. Use lower-case letters, digits and single underscores, "
            "beginning with a letter."
        )
    return None
