"""Stops reach the job that they are meant for."""

from core.stops import Stops


def test_a_stop_reaches_only_the_session_that_pressed_it_and_a_new_start_ends_the_old_job() -> None:
    stops, mine, other = Stops(), "a", "b"
    with stops.running(mine) as first, stops.running(other) as theirs:
        stops.stop(mine)
        assert first()
        assert not theirs()
        with stops.running(other) as again:
            assert theirs()
            assert not again()
    stops.stop(mine)  # nothing runs any more: nothing happens
