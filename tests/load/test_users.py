"""Users at once on the running app: each gets their own answer."""

from __future__ import annotations

import pytest

from tests.load.__main__ import many
from tests.load.calls import Call, Mixed, User
from tests.load.servers import Servers
from tests.load.tables import BUSY, is_busy, markdown, rows


def calls_without_mixing(app_url: str, calls: int) -> list[Call]:
    done = many(["attend"], calls, Servers(app_url, (app_url,)), users=4)
    assert [call for call in done if call.error and not is_busy(call)] == []
    return done


def test_answers_of_users_at_once_never_mix(app_url: str) -> None:
    assert len(calls_without_mixing(app_url, 60)) == 60


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_thousand_answers_never_mix(app_url: str) -> None:
    assert len(calls_without_mixing(app_url, 3000)) == 3000


def test_a_mixed_answer_would_be_seen(app_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = User(app_url, 1)
    answer = user.client.predict("somebody else asked this", layer=1, api_name="/attend")
    monkeypatch.setattr(user.client, "predict", lambda *arguments, **named: answer)
    with pytest.raises(Mixed):
        user._attend()
    user.do("attend")
    assert user.calls[-1].error == "MIXED"
    user.close()


def test_being_told_to_come_back_is_no_error() -> None:
    assert is_busy(Call("attend", 0, 0, f"QueueError: {BUSY[0]}! Please try again."))
    assert not is_busy(Call("attend", 0, 0, "AppError: That did not work"))


def test_the_table_tells_busy_from_errors_and_finds_what_a_segmentation_overlapped():
    calls = [
        Call("attend", 0.0, 1.0),
        Call("attend", 5.0, 3.0, f"QueueError: {BUSY[0]}"),
        Call("segment", 7.0, 2.0),
        Call("attend", 20.0, 2.0, "AppError: no"),
    ]
    attend, segment, during = rows(calls)
    assert (attend.calls, attend.busy, attend.errors, attend.p50) == (3, 1, 1, 2.0)
    assert (segment.calls, segment.most) == (1, 2.0)
    assert (during.name, during.calls, during.p95) == ("light during segment", 1, 3.0)
    assert "| 2 users | attend | 3 | 1 | 1 | 2.00 s |" in markdown([("2 users", calls)], "")
