import ipaddress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import clean_corpus, mask_emails, mask_ip_addresses, mask_phone_numbers


@given(st.emails(domains=st.just("example.org")).filter(lambda address: set("!#$&'*/=?^`{|}~").isdisjoint(address)))
def test_addresses_are_masked(address):
    assert mask_emails(f"mail <{address}> now") == ("mail <[EMAIL]> now", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的邮箱是zhang.san@example.com谢谢", "我的邮箱是[EMAIL]谢谢"),
        ("メールはsuzuki@example.co.jpまで", "メールは[EMAIL]まで"),
        ("이메일은 kim@example.co.kr입니다", "이메일은 [EMAIL]입니다"),
        ("联系（li.si@126.com）。", "联系（[EMAIL]）。"),
        ("邮箱：a@b.cn，电话", "邮箱：[EMAIL]，电话"),
        ("jane.doe+news@mail.example.org.", "[EMAIL]."),
        ("mailto:jane@example.com?subject=x", "mailto:[EMAIL]?subject=x"),
        ("<jane@example.com>, <joe@example.com>", "<[EMAIL]>, <[EMAIL]>"),
        ("jörg@müller.de", "[EMAIL]"),
        ("иван@почта.рф", "[EMAIL]"),
        ("JANE@EXAMPLE.COM", "[EMAIL]"),
        ("o'brien@example.ie", "[EMAIL]"),
        ("'jane@example.ie'", "'[EMAIL]'"),
        ("x_1%y@sub-domain.example.museum", "[EMAIL]"),
        ("me@xn--bcher-kva.xn--p1ai", "[EMAIL]"),
        ("write jane@example.com(work)", "write [EMAIL](work)"),
        ("_jane_@example.com", "[EMAIL]"),
        ("a@b.com", "[EMAIL]"),
        ("john@corp.photography", "[EMAIL]"),
        ("a@example.com/b@example.com", "[EMAIL]/[EMAIL]"),
        ("abc@w.shape", "[EMAIL]"),
        ("x@abc.shape", "[EMAIL]"),
        ("jane@kernel.io or .IO", "[EMAIL] or .IO"),
        ("jane@kernel.IO", "[EMAIL]"),
    ],
)
def test_emails_are_found(text, expected):
    assert mask_emails(text) == (expected, expected.count("[EMAIL]"))


@pytest.mark.parametrize(
    "text",
    [
        "@decorator",
        "a @ b.com",
        "user@localhost",
        "x@y",
        "price@5.00",
        "def f(self): ...",
        "scores = q@k.transpose(-2, -1)",
        "attention = query@key.transpose(1, 2)",
        "y = x@w.mT",
        "x@w.shape",
        "h@W.T",
        "ab@xy.shape",
        "query@weight.mT",
        "shapes@sizes.rows[0]",
        "z = hidden@weight.to(device)",
        "lodash@4.17.21",
        "react@18.x",
        "logo@2x.png",
        "@media screen",
        "@property.setter",
        "root@10.0.0.1",
        "follow @jane.doe",
        "jane@",
    ],
)
def test_what_is_no_email_stays(text):
    assert mask_emails(text) == (text, 0)


@pytest.mark.parametrize(
    "number",
    [
        "+1 555 010 4477",
        "+1 (555) 010-4477",
        "+1.555.010.4477",
        "+49 30 123456",
        "+49 (0)30 1234-5678",
        "+33 1 23 45 67 89",
        "+33.123456789",
        "+44 20 7946 0958",
        "+86 138 1234 5678",
        "+8613812345678",
        "+81-3-1234-5678",
        "+7 495 123-45-67",
        "+49\u00a030\u00a0123456",
        "+49 123456",
        "+49 1234567890123",
        "(555) 010-4477",
        "(283)-182-3829",
        "(283)182-3829",
        "555-010-4477",
        "555.010.4477",
        "1-800-555-0199",
        "1 800 555 0199",
        "1 (800) 555-0199",
        "13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "86-13812345678",
        "008613812345678",
        "010-62781234",
        "0755-8123456",
        "(010) 62781234",
        "（021）62781234",
        "400-810-8888",
        "090-1234-5678",
        "09012345678",
        "03-1234-5678",
        "0120-123-456",
        "045-123-4567",
    ],
)
def test_phone_numbers_are_masked(number):
    assert mask_phone_numbers(f"Call {number}.") == ("Call [PHONE].", 1)
    assert mask_phone_numbers(f"电话：{number}，谢谢") == ("电话：[PHONE]，谢谢", 1)
    assert mask_phone_numbers(f"请拨打{number}联系我") == ("请拨打[PHONE]联系我", 1)
    assert mask_phone_numbers(f"お電話は{number}まで") == ("お電話は[PHONE]まで", 1)
    assert mask_phone_numbers(f"Tel:{number}; fax:{number}") == ("Tel:[PHONE]; fax:[PHONE]", 2)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-17",
        "01-02-2024",
        "1,234,567,890",
        "3.14159265358979",
        "+3.14159265",
        "+1.41421356",
        "+1.4142135623",
        "+2.7182818284",
        "100 000 0000",
        "0x13812345678",
        "12345678901234567890",
        "110101199003071234",
        "x+12345678",
        "+12345678",
        "+49 12345678901234",
        "+1 234 567 890",
        "10:30:00",
        "1 000 000 000",
        "2 147 483 647",
        "978-0-306-40615-7",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "1.13812345678",
        "13812345678.5",
        "id-13812345678",
        "13812345678-x",
        "555-0104",
        "1990-2024-1234",
        "page 123-456",
        "192.168.100.1000",
        "+/-1234567",
    ],
)
def test_other_numbers_stay(text):
    assert mask_phone_numbers(text) == (text, 0)


@given(st.ip_addresses())
def test_public_addresses_are_masked_and_others_stay(address):
    public = address.is_global and (address.version == 4 or address in ipaddress.ip_network("2000::/3"))
    expected = ("from [IP].", 1) if public else (f"from {address}.", 0)
    assert mask_ip_addresses(f"from {address}.") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("服务器81.2.69.160上", "服务器[IP]上"),
        ("IPアドレスは81.2.69.160です", "IPアドレスは[IP]です"),
        ("服务器8.5.1.2上", "服务器[IP]上"),
        ("81.2.69.160:8080", "[IP]:8080"),
        ("http://81.2.69.160:80/x", "http://[IP]:80/x"),
        ("IP:81.2.69.160", "IP:[IP]"),
        ("ip=81.2.69.160&x", "ip=[IP]&x"),
        ("81.2.69.160/24", "[IP]/24"),
        ("8.5.1.2/24", "[IP]/24"),
        ("8.5.1.2:53", "[IP]:53"),
        ("the server 8.5.1.2", "the server [IP]"),
        ("8.5.1.32", "[IP]"),
        ("from 81.2.69.160-81.2.69.180", "from [IP]-[IP]"),
        ("1.1.1.1 and 8.8.4.4", "[IP] and [IP]"),
        ("81.2.69.160 - - [10/Oct/2000]", "[IP] - - [10/Oct/2000]"),
        ("root@81.2.69.160:", "root@[IP]:"),
        ("(81.2.69.160)", "([IP])"),
        ("[2606:4700::1111]:443", "[[IP]]:443"),
        ("at 2606:4700::1111: ok", "at [IP]: ok"),
        ("IP:2606:4700::1111", "IP:[IP]"),
        ("地址2001:4860:4860::8888。", "地址[IP]。"),
        ("2001:4860:4860:0:0:0:0:8888/64", "[IP]/64"),
    ],
)
def test_addresses_are_found(text, expected):
    assert mask_ip_addresses(text) == (expected, expected.count("[IP]"))


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3",
        "300.1.1.1",
        "1.2.3.4.5",
        "12:30:45",
        "std::vector",
        "a::b",
        "face::add",
        "::",
        "version 8.5.1.2",
        "Version: 85.2.69.160",
        "v85.2.69.160",
        "版本8.5.1.2",
        "バージョン 8.5.1.2",
        "see section 8.5.1.2",
        "§ 8.5.1.2",
        "8.5.1.2 Scope of this standard",
        "8.5.1.31",
        "8.5.1.2节",
        "libfoo 8.5.1.2",
        "1.3.6.1.4.1",
        "127.0.0.1:8080",
        "192.168.0.1",
        "10.1.2.3",
        "fe80::1",
        "81.2.69.160a",
        "x81.2.69.160",
        "010.1.1.1",
        "2024:05:17",
        "2001:xyz",
    ],
)
def test_what_is_no_address_stays(text):
    assert mask_ip_addresses(text) == (text, 0)


MASKS = [
    (mask_emails, "a@example.com"),
    (mask_phone_numbers, "+1 555 010 4477"),
    (mask_ip_addresses, "81.2.69.160"),
]


@pytest.mark.parametrize(("mask", "found"), MASKS)
def test_the_label_can_be_chosen(mask, found):
    assert mask(f"{found} and {found}", label="<0>") == ("<0> and <0>", 2)


@pytest.mark.parametrize(("mask", "found"), MASKS)
def test_the_report_says_how_many_masks_were_made(mask, found):
    documents = [f"{found} and {found}", "none", found]
    cleaned, report = clean_corpus(documents, [partial(mask, label="_")])
    assert cleaned == ["_ and _", "none", "_"]
    assert (report.steps[0].num_changed, report.steps[0].num_masks) == (2, 3)
