"""Teams: what turns the channel on."""

from __future__ import annotations

import pytest

from assistant.settings import ChannelOffError, SettingsError, TeamsSettings

APP, TENANT = "11111111-2222-3333-4444-555555555555", "AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee"
USUAL = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "a secret", "TEAMS_TENANT_ID": TENANT}


def test_it_is_off_until_all_variables_are_set():
    with pytest.raises(ChannelOffError, match="TEAMS_APP_ID and TEAMS_APP_PASSWORD and TEAMS_TENANT_ID"):
        TeamsSettings.from_environment({})
    for missing in USUAL:
        with pytest.raises(ChannelOffError, match=f"set {missing} to"):
            TeamsSettings.from_environment({**USUAL, missing: " "})


def test_with_them_only_the_tenant_and_microsoft_are_trusted():
    settings = TeamsSettings.from_environment(USUAL)
    assert settings.tenant == TENANT.lower()
    assert settings.openid_url.startswith("https://login.botframework.com/")
    assert settings.login_url == "https://login.microsoftonline.com"
    assert settings.checks_tokens
    assert not settings.is_test


@pytest.mark.parametrize("tenant", ["common", "multi", "Multi"])
def test_the_owner_can_let_in_every_tenant(tenant):
    assert TeamsSettings.from_environment({**USUAL, "TEAMS_TENANT_ID": tenant}).tenant is None


@pytest.mark.parametrize("variable", ["TEAMS_APP_ID", "TEAMS_TENANT_ID"])
@pytest.mark.parametrize("value", ["contoso.com", "123", f"{APP}/x", f"{{{APP}}}"])
def test_what_is_no_id_is_refused_with_an_example(variable, value):
    with pytest.raises(SettingsError, match=f"{variable} is not an id like 01234567-"):
        TeamsSettings.from_environment({**USUAL, variable: value})


@pytest.mark.parametrize("variable", ["TEAMS_APP_ID", "TEAMS_TENANT_ID"])
def test_an_id_of_zeros_is_refused(variable):
    with pytest.raises(SettingsError, match=f"{variable} is only zeros"):
        TeamsSettings.from_environment({**USUAL, variable: "00000000-0000-0000-0000-000000000000"})


def test_the_id_of_the_app_is_not_taken_for_that_of_the_tenant():
    with pytest.raises(SettingsError, match="Take the App Tenant ID"):
        TeamsSettings.from_environment({**USUAL, "TEAMS_TENANT_ID": APP})


@pytest.mark.parametrize(
    "password, said",
    [
        ("12345678-90ab-cdef-1234-567890ABCDEF", "is the Secret ID of the client secret. Take its Value"),
        ('"HIDDEN"', "has quotes around it"),
        ("“HIDDEN”", "has quotes around it"),
    ],
)
def test_a_secret_that_is_none_is_refused_with_what_is_wrong_but_not_shown(password, said):
    with pytest.raises(SettingsError, match=f"TEAMS_APP_PASSWORD {said}") as refused:
        TeamsSettings.from_environment({**USUAL, "TEAMS_APP_PASSWORD": password})
    assert "HIDDEN" not in str(refused.value)
    assert password not in str(refused.value)


def test_the_secret_is_not_shown():
    assert "a secret" not in repr(TeamsSettings.from_environment(USUAL))


@pytest.mark.parametrize("host", ["", "127.0.0.1", "localhost", "::1"])
def test_without_authentication_it_starts_on_this_machine_only(host):
    settings = TeamsSettings.from_environment({"TEAMS_NO_AUTH": "1", "HOST": host})
    assert settings.is_test
    assert not settings.checks_tokens


@pytest.mark.parametrize(
    "variables", [{"HOST": "0.0.0.0"}, {"HOST": "::"}, {"HOST": "assistant.example.com"}, {"PRODUCTION": "1"}]
)
def test_without_authentication_it_refuses_to_start_where_others_can_reach_it(variables):
    with pytest.raises(SettingsError, match="only without PRODUCTION and with HOST on this machine"):
        TeamsSettings.from_environment({"TEAMS_NO_AUTH": "1", **variables})


@pytest.mark.parametrize("name", USUAL)
def test_without_authentication_it_refuses_to_start_as_a_real_bot(name):
    with pytest.raises(SettingsError, match=f"Unset it, or unset {name}") as refused:
        TeamsSettings.from_environment({"TEAMS_NO_AUTH": "1", name: USUAL[name]})
    assert USUAL[name] not in str(refused.value)


def test_authentication_is_only_switched_off_by_1():
    assert TeamsSettings.from_environment({**USUAL, "TEAMS_NO_AUTH": "0", "HOST": "0.0.0.0"}).checks_tokens


@pytest.mark.parametrize("variable", ["TEAMS_OPENID_URL", "TEAMS_LOGIN_URL"])
def test_settings_for_tests_are_refused_in_production(variable):
    variables = {**USUAL, variable: "https://localhost:1"}
    assert TeamsSettings.from_environment(variables).is_test
    with pytest.raises(SettingsError, match="for tests"):
        TeamsSettings.from_environment({**variables, "PRODUCTION": "1"})


@pytest.mark.parametrize(
    "variable, url",
    [
        ("TEAMS_LOGIN_URL", "http://localhost:1"),
        ("TEAMS_LOGIN_URL", "login.microsoftonline.com"),
        ("TEAMS_LOGIN_URL", "https://"),
        ("TEAMS_LOGIN_URL", "https://["),
        ("TEAMS_LOGIN_URL", "https://user@login.microsoftonline.com"),
        ("TEAMS_OPENID_URL", "http://login.botframework.com/v1"),
        ("TEAMS_OPENID_URL", "http://127.0.0.1.evil.example/"),
        ("TEAMS_OPENID_URL", "https://localhost:port/openid"),
        ("TEAMS_OPENID_URL", "nonsense"),
    ],
)
def test_addresses_of_services_need_https(variable, url):
    with pytest.raises(SettingsError, match=f"{variable} has to be an address that starts with https://"):
        TeamsSettings.from_environment({**USUAL, variable: url})


def test_the_keys_may_come_from_this_machine():
    url = "http://127.0.0.1:5396/openid"
    assert TeamsSettings.from_environment({**USUAL, "TEAMS_OPENID_URL": url}).openid_url == url
