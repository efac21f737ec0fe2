"""Messages as files, and what stays on the machine where a mail server is set up."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from app.bootstrap import bootstrap
from app.settings import Settings
from notifications.channels.aside import SAMPLE_DOMAIN, SampleAside
from notifications.channels.base import Letter
from notifications.channels.folder import FolderChannel
from notifications.channels.mail_url import BadMailUrl
from notifications.channels.smtp import SmtpChannel
from notifications.errors import ChannelError
from tests.notifications.channels.hostile import HostileServer
from tests.notifications.channels.letters import letter, url


class Recorder:
    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def test_a_letter_becomes_a_file_that_people_can_read(tmp_path: Path) -> None:
    FolderChannel(tmp_path / "outbox").send(letter())
    (file,) = (tmp_path / "outbox").iterdir()
    raw = file.read_bytes()
    assert f"Subject: {letter().subject}\n".encode() in raw
    assert "Kính gửi Phòng Alpha,\n\n.Dòng này".encode() in raw
    assert b"\r" not in raw
    assert message_from_bytes(raw, policy=default)["Message-ID"] == letter().message_id


def test_a_second_attempt_overwrites_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        FolderChannel(tmp_path).send(letter())
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(ChannelError) as refused:
        FolderChannel(tmp_path / "outbox").send(letter())
    assert not refused.value.permanent


@pytest.mark.parametrize(
    ("address", "aside"),
    [
        (f"a@{SAMPLE_DOMAIN}", True),
        ("a@VI-DU.EXAMPLE", True),
        ("a@u.example", False),
        (f"a@x.{SAMPLE_DOMAIN}", False),
        (f"{SAMPLE_DOMAIN}@u.example", False),
    ],
)
def test_letters_of_the_sample_never_leave_the_machine(address: str, aside: bool) -> None:
    real, kept = Recorder(), Recorder()
    SampleAside(real, kept).send(letter(address=address))
    assert (len(kept.letters), len(real.letters)) == ((1, 0) if aside else (0, 1))


def test_the_sample_writes_to_that_domain() -> None:
    sample = Path(__file__).parents[3] / "app" / "sample.py"
    assert f"@{SAMPLE_DOMAIN}" in sample.read_text("utf-8")


def test_without_a_mail_server_messages_become_files() -> None:
    installation = bootstrap(Settings())
    installation.channels["email"].send(letter())
    installation.close()
    assert len(list(installation.settings.outbox_folder.iterdir())) == 1


def test_with_a_mail_server_they_go_there_and_those_of_the_sample_become_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with HostileServer() as server:
        monkeypatch.setenv("DONDOC_MAIL_URL", url(server.port, login="doc:very-secret"))
        settings = Settings()
        assert "very-secret" not in repr(settings)
        installation = bootstrap(settings)
        installation.channels["email"].send(letter(1))
        installation.channels["email"].send(letter(2, address=f"a@{SAMPLE_DOMAIN}"))
        installation.close()
        assert server.received == ["<1@dondoc.invalid>"]
        assert server.steps[-1] == "QUIT"
    assert [file.name for file in settings.outbox_folder.iterdir()] == ["2.eml"]


def test_a_server_that_does_not_answer_is_left_alone_in_a_real_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_MAIL_URL", url(25))
    installation = bootstrap(Settings())
    installation.close()
    email = installation.channels["email"]
    assert isinstance(email, SampleAside)
    assert isinstance(email.real, SmtpChannel)
    assert (email.real.rest, email.real.timeout) == (60.0, 60.0)


def test_a_mail_url_that_is_wrong_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_MAIL_URL", "smtp://doc:very-secret@mx.vn")
    with pytest.raises(BadMailUrl, match="dondocs://") as refused:
        bootstrap(Settings())
    assert "very-secret" not in str(refused.value)
