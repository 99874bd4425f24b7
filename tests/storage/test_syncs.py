"""One process at a time reads on, from where the last one stopped, when it is time."""

from datetime import timedelta

from storage.transaction import Store

HOURS, MINUTE = timedelta(hours=6), timedelta(minutes=1)
NOW = timedelta(0)


def take(
    store: Store, holder: str, *, every: timedelta = HOURS, lease: timedelta = MINUTE
) -> object:
    with store.begin() as tx:
        tx.syncs.look("people", away_after=MINUTE)
        return tx.syncs.take("people", holder, every=every, lease=MINUTE)


def test_it_is_due_at_first_and_one_at_a_time_has_it(store: Store) -> None:
    assert take(store, "a") == ""
    assert take(store, "b") is None


def test_whoever_comes_after_one_that_died_goes_on_where_it_stopped(store: Store) -> None:
    assert take(store, "a") == ""
    with store.begin() as tx:
        assert tx.syncs.go_on("people", "a", "page 2", lease=NOW)
    assert take(store, "b") == "page 2"
    with store.begin() as tx:
        assert not tx.syncs.go_on("people", "a", "page 3", lease=MINUTE)
        assert not tx.syncs.finish("people", "a")
        assert tx.syncs.finish("people", "b")
    assert take(store, "b") is None
    assert take(store, "b", every=NOW) == ""


def test_what_is_put_off_is_left_alone_for_a_while(store: Store) -> None:
    assert take(store, "a") == ""
    with store.begin() as tx:
        assert tx.syncs.go_on("people", "a", "page 2", lease=MINUTE)
        assert tx.syncs.put_off("people", "a", MINUTE, anew=None)
    assert take(store, "b") is None
    with store.begin() as tx:
        assert not tx.syncs.put_off("people", "a", NOW, anew="")


def test_after_a_gap_in_which_nobody_was_there_it_is_due_again(store: Store) -> None:
    assert take(store, "a") == ""
    with store.begin() as tx:
        assert tx.syncs.finish("people", "a")
        tx.syncs.look("people", away_after=MINUTE)
        assert tx.syncs.take("people", "a", every=HOURS, lease=MINUTE) is None
        tx.syncs.look("people", away_after=-MINUTE)
        assert tx.syncs.take("people", "a", every=HOURS, lease=MINUTE) == ""
