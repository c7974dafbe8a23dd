"""What can be known of a phone number from the number itself."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberType

_NO_SMS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


def can_take_sms(e164: str) -> bool:
    """Whether an SMS may arrive there: a school's exchange (040-…, 010-…) takes none.

    Where a country's plan does not tell mobile phones apart, it may.
    """
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) not in _NO_SMS
