"""The state: what waits, in which order, and what is remembered of it."""

import msgspec
import pytest

from scraper.model import Known, Link
from scraper.state import NAME, Settlement, State, totals
from scraper.urls import record_id, url_key

NOW = 1_800_000_000.0
DAY = 86400.0
URL = "https://{}.example/{}"


@pytest.fixture
def state():
    with State() as state:
        yield state


def url(n=1, host="harbour"):
    return URL.format(host, n)


def add(state, *urls, now=NOW, again=False, **fields):
    return state.add([Link(url=one, **fields) for one in urls], now, again=again)


def settle(state, name, **fields):
    """End the visit of a URL: a good article, unless ``fields`` say otherwise."""
    task = state.find(name)
    given = {"version": 1, "status": "ok", "last_seen": NOW, "visited": NOW, "due": NOW + DAY}
    with state.change() as change:
        known = msgspec.structs.replace(change.known(task), **{**given, **fields})
        change.settle(Settlement(task, known))


def fail(state, name, code="http_5xx", **fields):
    settle(state, name, **({"version": 0, "status": "error", "code": code} | fields))


def hosts(state, after=0, count=100):
    return [name for _, name in state.hosts(after, count)]


def taken(state, name="harbour.example", after=0, count=100):
    numbers = {host: number for number, host in state.hosts(0, 1000)}
    return [task.link.url for task in state.take(numbers[name], after, count)]


# Adding


def test_what_is_added_waits(state):
    assert add(state, url(1), url(2)) == (2, 0, 0)
    assert state.waiting() == 2


VARIANTS = ("#part", "?utm_source=x", "?fbclid=1#top")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_page_in_another_form_is_the_same_page(state, variant):
    add(state, url(1))
    add(state, url(1) + variant)
    assert state.waiting() == 1


@pytest.mark.parametrize("form", ["http://harbour.example/1", " https://Harbour.example:443/1 "])
def test_scheme_case_and_default_port_make_no_other_page(state, form):
    add(state, url(1))
    add(state, form)
    assert state.waiting() == 1


def test_of_two_forms_the_first_is_asked_for(state):
    add(state, url(1) + "?utm_source=x", url(1))
    assert taken(state) == [url(1) + "?utm_source=x"]


def test_the_fragment_is_never_asked_for(state):
    add(state, url(1) + "#part")
    assert taken(state) == [url(1)]


def test_a_page_has_the_id_of_its_url_key(state):
    add(state, url(1))
    assert state.find(url(1)).id == record_id(url_key(url(1)))


def test_the_first_link_is_kept(state):
    for line in (1, 2):
        add(state, url(1), line=line, source="list")
    link = state.find(url(1)).link
    assert (link.line, link.source) == (1, "list")


def test_an_article_that_is_there_does_not_wait_again(state):
    add(state, url(1))
    settle(state, url(1))
    assert add(state, url(1)) == (0, 0, 1)
    assert state.waiting() == 0


def test_an_article_that_is_wanted_again_waits_again(state):
    add(state, url(1))
    settle(state, url(1))
    assert add(state, url(1), again=True) == (0, 1, 0)


@pytest.mark.parametrize("status", ["error", "skipped", "blocked"])
def test_what_failed_waits_again_when_it_is_named_again(state, status):
    add(state, url(1))
    fail(state, url(1), status=status)
    assert add(state, url(1)) == (0, 1, 0)


def test_what_is_no_article_does_not_wait_again(state):
    add(state, url(1))
    fail(state, url(1), status="not_article", code=None)
    assert add(state, url(1)) == (0, 0, 1)


def test_an_article_that_failed_since_does_not_wait_again(state):
    add(state, url(1))
    settle(state, url(1), status="error", code="http_5xx")
    assert add(state, url(1)) == (0, 0, 1)


MODIFIED = {
    "2027-01-15T08:00:01Z": 1,
    "2027-01-15T07:59:59Z": 0,
    "2027-01-15T10:00:01+02:00": 1,
    "2027-01-16": 1,
    "yesterday": 0,
    "": 0,
}


@pytest.mark.parametrize(("stated", "again"), MODIFIED.items())
def test_an_article_modified_since_it_was_seen_waits_again(state, stated, again):
    add(state, url(1))
    settle(state, url(1))
    assert add(state, url(1), last_modified=stated).again == again


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_a_document_that_the_user_names_is_looked_at_in_each_run(state, kind):
    add(state, url(1), kind=kind)
    settle(state, url(1), version=0)
    assert add(state, url(1), kind=kind).again == 1


def test_a_document_that_another_names_is_looked_at_when_it_is_due(state):
    named = {"kind": "sitemap", "source": url("index")}
    add(state, url(1), **named)
    settle(state, url(1), version=0, due=NOW + 10)
    assert [add(state, url(1), now=NOW + wait, **named).again for wait in (9, 11)] == [0, 1]


@pytest.mark.parametrize("bad", ["nonsense", "ftp://harbour.example/", "", "http://[bad"])
def test_what_is_no_web_address_waits_for_its_record(state, bad):
    add(state, bad)
    (task,) = state.take(state.hosts(0, 1)[0][0], 0, 10)
    assert (task.host, task.refused) == ("", "bad_url")


def test_what_was_refused_once_is_no_failure_of_later_visits(state):
    add(state, url(1))
    fail(state, url(1))
    add(state, url(1))
    assert state.find(url(1)).refused is None


def test_a_password_is_stored_nowhere(tmp_path):
    secret = "https://ada:s3cret@harbour.example/1"
    with State(tmp_path / NAME) as state:
        add(state, secret)
        (task,) = state.take(state.hosts(0, 1)[0][0], 0, 10)
        assert task.refused == "credentials_in_url"
    assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_url_that_is_no_unicode_waits_too(state):
    add(state, "https://harbour.example/\udce9")
    assert state.waiting() == 1


def test_no_links_are_no_change(state):
    assert state.add([], NOW) == (0, 0, 0)


# Taking


def test_hosts_come_in_the_order_in_which_they_were_named(state):
    add(state, url(1, "c"), url(1, "a"), url(1, "b"), url(2, "a"))
    assert hosts(state) == ["c.example", "a.example", "b.example"]


def test_hosts_come_in_pages(state):
    add(state, *(url(1, f"h{n}") for n in range(7)))
    seen, after = [], 0
    while found := state.hosts(after, 3):
        seen.append([name for _, name in found])
        after = found[-1][0]
    assert [len(part) for part in seen] == [3, 3, 1]
    assert [name for part in seen for name in part] == [f"h{n}.example" for n in range(7)]


def test_a_host_without_waiting_urls_is_left_out(state):
    add(state, url(1, "a"), url(1, "b"), url(1, "c"))
    settle(state, url(1, "b"))
    assert hosts(state) == ["a.example", "c.example"]


def test_ports_are_hosts_of_their_own(state):
    add(state, "http://harbour.example:8080/1", "http://harbour.example/2")
    assert hosts(state) == ["harbour.example:8080", "harbour.example"]


def test_urls_come_in_their_order(state):
    add(state, *(url(n) for n in range(20)))
    assert taken(state) == [url(n) for n in range(20)]


def test_urls_come_in_pages(state):
    add(state, *(url(n) for n in range(5)), url(1, "pier"))
    first = state.take(1, 0, 3)
    rest = state.take(1, first[-1].seq, 3)
    assert [task.link.url for task in first + rest] == [url(n) for n in range(5)]


def test_what_was_handed_out_waits_until_it_is_settled(state):
    add(state, url(1))
    taken(state)
    assert state.waiting() == 1
    settle(state, url(1))
    assert state.waiting() == 0


def test_an_article_is_asked_for_with_its_validators(state):
    add(state, url(1))
    settle(state, url(1), etag='"1"', last_modified="Mon")
    task = state.find(url(1))
    assert (task.etag, task.last_modified) == ('"1"', "Mon")


def test_what_gave_no_article_is_asked_for_without(state):
    add(state, url(1))
    fail(state, url(1), etag='"1"', last_modified="Mon")
    task = state.find(url(1))
    assert (task.etag, task.last_modified) == (None, None)


def test_a_feed_is_asked_for_with_its_validators(state):
    add(state, url(1), kind="feed")
    settle(state, url(1), version=0, etag='"1"')
    assert state.find(url(1)).etag == '"1"'


# Due


def test_what_is_due_waits(state):
    add(state, url(1), url(2))
    settle(state, url(1), due=NOW)
    settle(state, url(2), due=NOW + 1)
    assert state.queue_due(NOW) == 1
    assert taken(state) == [url(1)]


def test_the_longest_due_come_first(state):
    add(state, *(url(n) for n in range(5)))
    for n in range(5):
        settle(state, url(n), due=NOW - 10 * n)
    assert state.queue_due(NOW, limit=2) == 2
    assert taken(state) == [url(3), url(4)]


def test_every_takes_what_is_not_due_too(state):
    add(state, url(1), url(2))
    settle(state, url(1), due=NOW + DAY)
    settle(state, url(2), due=NOW)
    assert state.queue_due(NOW, every=True) == 2


def test_every_does_not_take_what_is_visited_no_more(state):
    add(state, url(1))
    settle(state, url(1), status="gone", due=None)
    assert state.queue_due(NOW, every=True) == 0


def test_nothing_is_due_later_than_possible(state):
    add(state, url(1))
    settle(state, url(1), due=NOW + 100 * DAY, interval=DAY)
    state.pull_back(NOW, 50 * DAY)
    assert NOW <= state.look(url(1))[1].due <= NOW + DAY


def test_what_is_due_in_time_stays(state):
    add(state, url(1))
    settle(state, url(1), due=NOW + 40 * DAY, interval=DAY)
    state.pull_back(NOW, 50 * DAY)
    assert state.look(url(1))[1].due == NOW + 40 * DAY


# Trying again


@pytest.fixture
def failed(state):
    """A failure, a page that is skipped, one that is gone, an article, a list page."""
    add(state, *(url(n) for n in range(5)))
    fail(state, url(0), "http_5xx")
    fail(state, url(1), "robots_disallowed", status="skipped")
    settle(state, url(2), status="gone", code="http_4xx", due=None)
    settle(state, url(3))
    fail(state, url(4), None, status="not_article")
    return state


def test_retry_takes_all_failures(failed):
    assert failed.retry() == 3
    assert taken(failed) == [url(0), url(1), url(2)]


def test_retry_takes_failures_with_a_code(failed):
    assert failed.retry(["http_4xx", "robots_disallowed"]) == 2
    assert taken(failed) == [url(1), url(2)]


def test_retry_counts_none_twice(failed):
    failed.retry()
    assert failed.retry() == 0


# Forgetting


def test_what_is_forgotten_is_not_known(state):
    add(state, url(1), url(2))
    settle(state, url(1))
    ids = state.ids([url(1)])
    assert ids == [record_id(url_key(url(1)))]
    state.forget(ids)
    assert (state.look(url(1)), state.waiting()) == (None, 1)


def test_what_is_forgotten_is_new_when_it_is_added(state):
    add(state, url(1))
    settle(state, url(1))
    state.forget(state.ids([url(1)]))
    assert add(state, url(1)).new == 1
    assert state.look(url(1))[1] == Known(first_seen=NOW)


def test_an_id_can_be_forgotten(state):
    add(state, url(1))
    assert state.ids([record_id(url_key(url(1)))]) != []


def test_a_host_can_be_forgotten(state):
    add(state, url(1), url(2), url(1, "pier"))
    ids = state.ids(["harbour.example"], host=True)
    state.forget(ids)
    assert len(ids) == 2
    assert hosts(state) == ["pier.example"]


@pytest.mark.parametrize("is_host", [False, True])
def test_what_is_not_known_cannot_be_forgotten(state, is_host):
    assert state.ids(["nonsense", url(9)], host=is_host) == []


def test_a_name_given_twice_is_forgotten_once(state):
    add(state, url(1))
    assert len(state.ids([url(1), url(1) + "#part"])) == 1


# Hosts that rest


def test_a_rest_is_remembered_until_it_is_over(state):
    add(state, url(1))
    with state.change() as change:
        change.rest("harbour.example", NOW + 100)
    assert state.rests(NOW + 99) == {"harbour.example": NOW + 100}
    assert state.rests(NOW + 100) == {}


def test_a_rest_longer_than_possible_is_none(state):
    add(state, url(1))
    with state.change() as change:
        change.rest("harbour.example", NOW + 100 * DAY)
    state.pull_back(NOW, 50 * DAY)
    assert state.rests(NOW) == {}


# What is kept of robots.txt and of the files


def test_a_robots_txt_is_kept(state):
    assert state.read("https://harbour.example") is None
    for body in (b"old", b"new"):
        state.write("https://harbour.example", NOW, "", body)
    assert state.read("https://harbour.example") == (NOW, "", b"new")


def test_the_place_of_a_file_is_kept(state):
    for size in (1, 2):
        with state.change() as change:
            change.set_files({"articles.jsonl": (7, size)})
    assert state.files() == {"articles.jsonl": (7, 2)}


# Looking


def test_what_was_never_added_is_not_known(state):
    assert (state.look(url(1)), state.find(url(1))) == (None, None)


@pytest.mark.parametrize("name", [url(1), url(1) + "?utm_source=x", record_id(url_key(url(1)))])
def test_a_page_is_looked_up_by_any_of_its_names(state, name):
    add(state, url(1))
    assert state.look(name)[0] == record_id(url_key(url(1)))


def test_totals_add_up(failed):
    add(failed, url("new"), url(1, "pier"))
    found = failed.totals(NOW + 2 * DAY)
    assert found.pop("urls") == 7
    assert found.pop("hosts") == 2
    assert found.pop("queued") == 2
    assert found.pop("due") == 4
    assert found == {"articles": 2, "error": 1, "skipped": 1, "not_article": 1, "never": 2}


def test_totals_of_a_folder_without_state_are_none(tmp_path):
    assert totals(tmp_path, NOW) == {}


# Transactions


def test_a_transaction_that_fails_changes_nothing(state):
    add(state, url(1))
    task = state.find(url(1))

    def breaking_off():
        with state.change() as change:
            change.settle(Settlement(task, Known(first_seen=NOW, version=1)))
            change.rest("harbour.example", NOW + 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaking_off()
    assert (state.waiting(), state.look(url(1))[1].version, state.rests(NOW)) == (1, 0, {})


def test_all_that_is_known_of_a_page_is_kept(tmp_path):
    values = {"str": "x", "int": 7, "float": 1.5}
    fields = msgspec.structs.fields(Known)
    kinds = {field.name: str(field.type) for field in fields}
    given = {
        name: next(value for kind, value in values.items() if kind in stated)
        for name, stated in kinds.items()
    }
    known = Known(**given)
    with State(tmp_path / NAME) as state:
        add(state, url(1))
        with state.change() as change:
            change.settle(Settlement(state.find(url(1)), known))
    with State(tmp_path / NAME) as state:
        assert state.look(url(1))[1] == known


# Runs


def test_what_a_run_has_visited_does_not_wait_again_in_it(state):
    state.begin()
    add(state, url(1))
    settle(state, url(1), status="error", version=0)
    assert add(state, url(1)) == (0, 0, 1)


def test_a_run_that_was_cut_short_goes_on(state):
    state.begin()
    add(state, url(1), url(2))
    settle(state, url(1), status="error", version=0)
    state.begin()
    assert add(state, url(1)) == (0, 0, 1)


def test_what_a_finished_run_has_visited_waits_again_in_the_next(state):
    state.begin()
    add(state, url(1))
    settle(state, url(1), status="error", version=0)
    state.finish()
    state.begin()
    assert add(state, url(1)) == (0, 1, 0)


def test_after_retry_the_next_run_is_another(state):
    state.begin()
    add(state, url(1), url(2))
    for n in (1, 2):
        settle(
            state, url(n), status="error", version=0, code="http_4xx" if n == 1 else "dns_failed"
        )
    state.retry(["http_4xx"])
    state.begin()
    assert add(state, url(2)) == (0, 1, 0)


def test_what_waits_is_not_counted_as_done(state):
    add(state, url(1))
    assert add(state, url(1)) == (0, 0, 0)
