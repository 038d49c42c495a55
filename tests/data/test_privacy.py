import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import mask_emails, mask_ip_addresses, mask_phone_numbers


@given(st.emails(domains=st.just("example.org")).filter(lambda address: set("!#$&'*/=?^`{|}~").isdisjoint(address)))
def test_addresses_are_masked(address):
    assert mask_emails(f"mail <{address}> now") == "mail <[EMAIL]> now"


@pytest.mark.parametrize("text", ["@decorator", "a @ b.com", "user@localhost", "x@y", "price@5.00", "def f(self): ..."])
def test_what_is_no_email_stays(text):
    assert mask_emails(text) == text


@pytest.mark.parametrize(
    "number",
    [
        "+1 555 010 4477",
        "+49 30 123456",
        "(555) 010-4477",
        "555-010-4477",
        "555.010.4477",
        "13812345678",
        "138-1234-5678",
    ],
)
def test_phone_numbers_are_masked(number):
    assert mask_phone_numbers(f"Call {number}.") == "Call [PHONE]."
    assert mask_phone_numbers(f"电话：{number}，谢谢") == "电话：[PHONE]，谢谢"


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-17",
        "1,234,567,890",
        "3.14159265358979",
        "0x13812345678",
        "12345678901234567890",
        "x+12345678",
        "10:30:00",
    ],
)
def test_other_numbers_stay(text):
    assert mask_phone_numbers(text) == text


@given(st.ip_addresses())
def test_public_addresses_are_masked_and_others_stay(address):
    public = address.is_global and (address.version == 4 or address in ipaddress.ip_network("2000::/3"))
    assert mask_ip_addresses(f"from {address}.") == ("from [IP]." if public else f"from {address}.")


@pytest.mark.parametrize(
    "text", ["1.2.3", "300.1.1.1", "1.2.3.4.5", "12:30:45", "std::vector", "a::b", "face::add", "::"]
)
def test_what_is_no_address_stays(text):
    assert mask_ip_addresses(text) == text
