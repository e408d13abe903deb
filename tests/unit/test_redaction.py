import pytest

from assistant.redaction import redact


@pytest.mark.parametrize(
    ("text", "secret", "placeholder"),
    [
        ("write to anna.mueller+x@contoso.co.uk please", "anna.mueller+x@contoso.co.uk", "[email]"),
        ("my access id is AB12-3456", "AB12-3456", "[access-id]"),
        ("Zugriffs-ID: 4711AB", "4711AB", "[access-id]"),
        ("Zugriffs ID lautet 90817263", "90817263", "[access-id]"),
        ("Contract ID 700123", "700123", "[contract-id]"),
        ("Vertrags-ID=X-99812", "X-99812", "[contract-id]"),
        ("call +49 (0)89 3176-0000", "3176", "[phone]"),
        ("ruf 0171 2345678 an", "2345678", "[phone]"),
        ("tenant 5f3c2a10-91aa-4c1e-8a77-0123456789ab", "0123456789ab", "[guid]"),
        ("number 123456789012", "123456789012", "[number]"),
        ("number 1234 5678 9012", "5678", "[number]"),
        ("key VK7JG-NPHTM-C97JM-9MPGT-3V66T", "9MPGT", "[guid]"),
        ("jane.doe (at) contoso (dot) com", "contoso", "[email]"),
        ("Hi John, a question", "John", "[name]"),
        ("hi john can you help", "john", "[name]"),
        ("Hallo Frau Müller, eine Frage", "Müller", "[name]"),
        ("It fails.\n\nBest regards,\nJane Doe", "Jane", "[name]"),
        ("Es geht nicht. Mit freundlichen Gruessen\nHans Meier", "Meier", "[name]"),
        ("klappt nicht, lg petra", "petra", "[name]"),
        ("Viele Grüße aus Wien, Tom", "Tom", "[name]"),
        ("Jane Doe <jane@contoso.com> wrote", "Doe", "[name]"),
    ],
)
def test_personal_data_and_ids_are_replaced(text, secret, placeholder):
    redacted = redact(text)
    assert secret not in redacted
    assert placeholder in redacted


@pytest.mark.parametrize(
    "text",
    [
        "Windows Server 2019 and Exchange 2016",
        "error 0x80070005 since 2021-03-04",
        "This Access ID is already associated to an account",
        "Diese Zugriffs-ID ist bereits einem Konto zugeordnet",
        "we have 20 incidents, where is the Contract ID?",
        "Access ID and Contract ID please",
        "expired on 04.03.2021, 03/04/2021 or 03-04-2021",
        "Hi Azure, hello Gold partners, thanks Microsoft",
        "Viele Grüße aus der IT",
        "10 000 000 EUR for 24-48 hours at 08.30 - 12.30",
    ],
)
def test_words_versions_and_error_codes_stay(text):
    assert redact(text) == text


def test_redacting_twice_changes_nothing():
    once = redact("access id AB12-3456, a@b.de, 123456789012")
    assert redact(once) == once
