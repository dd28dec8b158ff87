"""Promo passes: what votes a removal needs, boxes, sections, the run rule of the tail, notes."""

import pytest

from scraper import cleaner
from scraper.cleaner.lexicon import listen
from scraper.cleaner.removals import Said, Scene, mark_promos, saved
from scraper.cleaner.removals.ballot import ballots, load_votes, phrase_rules
from scraper.text import count_words

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "
PROSE = [SENTENCE * 3] * 4


def say(text, **facts):
    return Said(text=text, words=count_words(text), heard=listen(text), **facts)


def marks(*said, topics=()):
    """Return the marks in a scene of four paragraphs and what follows, by place after them."""
    after = [one if isinstance(one, Said) else say(one) for one in said]
    found = mark_promos(Scene([*map(say, PROSE), *after], topics))
    return {place - len(PROSE): mark for place, mark in found.items()}


def inside(said, **facts):
    """Return the marks of one block between two paragraphs."""
    found = mark_promos(Scene([*map(say, PROSE), say(said, **facts), *map(say, PROSE)]))
    return {place - len(PROSE): mark for place, mark in found.items()}


def votes_of(said, **facts):
    scene = Scene([*map(say, PROSE), say(said, **facts), *map(say, PROSE)])
    return next(ballots(scene)).votes


def test_a_lead_with_its_colon_is_cut_between_paragraphs():
    assert inside("Read more: the night it froze")[0].kind == "related"


def test_a_lead_that_opens_a_sentence_of_prose_is_kept():
    assert not inside("Read more slowly, she said, and " + SENTENCE * 2)


LEAD_OF_WORDS = "Read more on the tide of last night and the boats that rose with it then"


def test_a_lead_of_many_words_is_cut_where_it_is_a_link():
    assert inside(LEAD_OF_WORDS, linked=1.0)[0].kind == "related"


def test_a_lead_of_many_words_without_link_or_label_is_a_sentence():
    assert not inside(LEAD_OF_WORDS)


def test_no_phrase_is_enough_by_itself():
    strongest = max(rule.weight for rule in phrase_rules().values())
    paragraph = load_votes().vote["long"].weight
    assert strongest + paragraph < load_votes().needed


@pytest.mark.parametrize("form", ["quote", "cell"])
def test_a_lead_in_a_quote_or_a_table_needs_more(form):
    assert not inside("Read more, she said", form=form)


def test_code_is_never_cut():
    assert not inside("Read more: the night it froze", form="code", linked=1.0)


def test_an_editor_s_note_is_never_cut():
    assert not inside("Editor's note: sign up for our newsletter to read the rest", linked=1.0)


def test_an_editor_s_note_beside_the_article_is_saved():
    note = say("Editor's note: this story was corrected on Monday.", kept=False)
    assert list(saved(Scene([*map(say, PROSE), note]))) == [4]


def test_a_note_far_from_the_article_is_not_saved():
    others = [say("Harbour news", kept=False)] * 5
    note = say("Editor's note: this story was corrected on Monday.", kept=False)
    assert not list(saved(Scene([*map(say, PROSE), *others, note])))


def test_the_article_s_own_topic_is_kept():
    assert inside("Sign up for our newsletter, he told them", linked=0.2)
    scene = [*map(say, PROSE), say("Sign up for our newsletter, he told them", linked=0.2)]
    assert not mark_promos(Scene([*scene, *map(say, PROSE)], {"newsletter"}))


def test_what_stands_all_over_the_text_is_its_own():
    ratings = [say(f"Average rating: {number}", apart=True) for number in range(6)]
    paragraphs = [one for rating in ratings for one in (*map(say, PROSE), rating)]
    assert not mark_promos(Scene([*paragraphs, *map(say, PROSE)]))


@pytest.mark.parametrize(
    ("facts", "vote"),
    [
        ({"linked": 1.0}, "links"),
        ({"linked": 0.1}, "link"),
        ({"named": True}, "named"),
        ({"apart": True}, "apart"),
        ({"recurs": True}, "host"),
        ({"likely": 0.7}, "doubted"),
        ({"form": "cell"}, "cell"),
    ],
)
def test_each_observation_is_a_vote(facts, vote):
    assert vote in votes_of("Sign up for our newsletter", **facts)


def test_every_vote_has_a_weight_and_a_reason():
    assert all(vote.weight and vote.reason for vote in load_votes().vote.values())


def test_a_heading_of_teasers_takes_them_along():
    teaser = say("The night the harbour froze", linked=1.0)
    assert set(marks("Related articles", teaser, teaser)) == {0, 1, 2}


def test_a_heading_of_teasers_takes_no_prose_along():
    assert set(marks("Related articles", SENTENCE * 3)) == {0}


def test_a_tail_of_two_kinds_is_cut_with_what_stands_between():
    found = marks("Start your free trial today", "Oil & Gas", "Sign up for our newsletter")
    assert [found[place].kind for place in (0, 1, 2)] == ["membership", "membership", "newsletter"]


ADVICE = "Start your free trial only after you have read the small print and compared the prices."


def test_a_long_tail_of_one_kind_is_kept():
    assert not marks(ADVICE, ADVICE.replace("small", "large"), ADVICE.replace("small", "fine"))


def test_a_tail_about_the_article_s_own_topic_is_kept():
    tail = (ADVICE, "Harbour masters", ADVICE.replace("small", "large"))
    assert not marks(*tail, topics={"membership"})


def test_a_text_that_is_all_promo_keeps_what_only_a_tail_would_lose():
    """Nothing would remain: such a page is what it is, and its verdict is not a tail's."""
    assert not mark_promos(Scene([say(ADVICE), say(ADVICE)]))


def left_out(text):
    return say(text, form="item", kept=False)


def test_a_half_kept_tail_of_one_kind_is_cut_where_the_model_left_out_the_rest():
    rest = (left_out("Become a member"), left_out("Try it free for 7 days"))
    assert 3 in marks("Start your free trial today", *rest, "Boats, nets and ropes")


def test_a_box_that_the_model_left_out_begins_no_tail():
    rest = (left_out("Sign up for our newsletter"), left_out("Donate now"))
    assert not marks(*rest, SENTENCE, SENTENCE)


def test_a_box_of_promos_between_paragraphs_goes_whole():
    box = (
        "<div><h3>Subscribe now to read the latest news</h3><ul><li>Unlimited online access<li>"
        "Puzzles and comics<li>Support local journalism</ul></div>"
    )
    article = "".join(f"<p>{SENTENCE * 3} Day {day}.</p>" for day in range(5))
    content = cleaner.clean(cleaner.parse(f"<article>{article}{box}{article}</article>"))
    assert not any("Puzzles" in block.text for block in content.blocks)


def linked(count, **facts):
    teasers = [say(f"The night of the frozen harbour {n}", linked=1.0) for n in range(count)]
    scene = Scene([*map(say, PROSE), *teasers], **facts)
    return {mark.rule for mark in mark_promos(scene).values()}


def test_links_in_a_row_are_teasers():
    assert linked(4, is_article=True) == {"related.links"}


def test_few_links_in_a_row_are_the_article_s_own():
    assert linked(3, is_article=True) == set()


def test_on_other_pages_lists_of_links_are_kept():
    assert linked(9, is_article=False) == set()


def test_a_date_in_bold_between_paragraphs_is_kept():
    assert not inside("4 March 2026", apart=True)
