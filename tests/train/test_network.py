"""The network in torch and its evaluation in numpy agree; exports are the same bytes."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("tld")

from bench.corpora.case import Case  # noqa: E402 - needs what may be missing
from scraper import cleaner  # noqa: E402
from scraper.cleaner.cues import read_cues  # noqa: E402
from scraper.cleaner.features import measure  # noqa: E402
from scraper.cleaner.model import Model  # noqa: E402
from scraper.outline import outline  # noqa: E402
from train.export import export  # noqa: E402
from train.fitting import Fitted  # noqa: E402
from train.network import TYPES, Batch, Network, Prepared, Vocabulary, scales_of  # noqa: E402
from train.pages import read_page  # noqa: E402

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long."
URL = "https://harbour.example/news/2026/the-tide"
PAGES = {
    "an article": (
        "<html><head><title>Tides</title><meta property=og:type content=article></head>"
        "<body class=single><nav class='menu top'><a href=x>Home</a> <a href=y>Sport</a></nav>"
        "<main id=content><article class=post><h1>Tides</h1><p class=lead>A short lead.</p>"
        f"<p>{SENTENCE * 3}</p><p><b class=cap>T</b>he end.</p><ul><li>Ebb<li>Flood</ul>"
        f"<blockquote class=pull><p>{SENTENCE}</p></blockquote></article></main>"
        "<footer class=site-footer>Imprint</footer></body></html>"
    ),
    "a thread": (
        "<body><div class=thread>"
        + "".join(
            f"<div class=post><b>Reader {n}</b><p>{SENTENCE * n}</p></div>" for n in (1, 2, 3)
        )
        + "</div><table><tr><td>渡轮九点离开码头<td>3.5</table></body>"
    ),
    "one block": "<p>Few words.</p>",
}


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    """The pages as training reads them."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, html in PAGES.items():
        path = folder / f"{name}.html"
        path.write_text(html, "utf-8")
        case = Case("wcxb", name, URL, path, "harbour.example", gold=SENTENCE, page_type="article")
        found[name] = read_page(case, {})
    return found


@pytest.fixture(scope="module")
def fitted(training):
    """An untrained network whose weights half precision holds."""
    torch.manual_seed(7)
    names = {token for page in training.values() for name in page.names for token in name}
    cues = {token for page in training.values() for token in page.cues}
    known = sorted(names)[::2], sorted(cues)[::2]  # the rest it does not know
    vocabulary = Vocabulary(*({token: n for n, token in enumerate(some)} for some in known))
    page = training["an article"].features
    network = Network(page.blocks.shape[1], page.page.shape[0], vocabulary)
    with torch.no_grad():
        network.names.weight *= 20  # or names would hardly matter
        network.cues.weight *= 20
    network = network.half().float().eval()
    return Fitted(network, vocabulary, scales_of(list(training.values())))


@pytest.fixture(scope="module")
def model(fitted, tmp_path_factory):
    """The same network as the package would load it."""
    folder = tmp_path_factory.mktemp("model")
    export(fitted, folder, {"calibration": [[0, 0], [1, 1]]})
    with np.load(folder / "weights.npz") as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    names, cues = (
        (folder / f"{name}.txt").read_text("utf-8").split("\n")[:-1] for name in ("names", "cues")
    )
    return Model(weights, names, cues, json.loads((folder / "model.json").read_text("utf-8")))


def in_torch(fitted, pages, given=None):
    prepared = [Prepared(page, fitted.vocabulary, fitted.scales) for page in pages]
    with torch.no_grad():
        return fitted.network(Batch(prepared), given)


def in_numpy(model, html, mode):
    tree = cleaner.parse(html)
    page, cues = outline(tree), read_cues(tree, URL)
    return model.predict(page, cues, measure(page, cues), mode=mode)


def near(wanted):
    return pytest.approx(wanted.numpy(), abs=1e-3)


@pytest.mark.parametrize("name", PAGES)
def test_bodies_agree(name, fitted, model, training):
    wanted = torch.sigmoid(in_torch(fitted, [training[name]]).body)
    assert in_numpy(model, PAGES[name], "any").body == near(wanted)


@pytest.mark.parametrize("name", PAGES)
def test_bodies_of_what_is_taken_for_an_article_agree(name, fitted, model, training):
    given = torch.eye(len(TYPES))[[TYPES.index("article")]]
    wanted = torch.sigmoid(in_torch(fitted, [training[name]], given).body)
    assert in_numpy(model, PAGES[name], "article").body == near(wanted)


@pytest.mark.parametrize("name", PAGES)
def test_standfirsts_agree(name, fitted, model, training):
    wanted = torch.sigmoid(in_torch(fitted, [training[name]]).standfirst)
    assert in_numpy(model, PAGES[name], "any").standfirst == near(wanted)


@pytest.mark.parametrize("name", PAGES)
def test_types_agree(name, fitted, model, training):
    wanted = torch.softmax(in_torch(fitted, [training[name]]).types, 1)[0]
    found = in_numpy(model, PAGES[name], "any").types
    assert np.array([found[kind] for kind in TYPES]) == near(wanted)


def test_the_type_matters_to_the_body(fitted, training):
    """Or the tests above would not tell the modes apart."""
    pages = [training["an article"]]
    one, two = (in_torch(fitted, pages, torch.eye(len(TYPES))[[row]]).body for row in (0, 1))
    assert not torch.allclose(one, two, atol=1e-3)


def test_names_matter_to_the_body(model):
    html = PAGES["an article"]
    named = in_numpy(model, html, "any").body
    assert in_numpy(model, html.replace("class=", "data-x="), "any").body != pytest.approx(named)


def test_pages_of_a_batch_do_not_see_each_other(fitted, training):
    pages = list(training.values())
    alone = torch.cat([in_torch(fitted, [page]).body for page in pages])
    assert torch.allclose(in_torch(fitted, pages).body, alone, atol=1e-4)


def test_the_same_weights_are_the_same_bytes(fitted, tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        export(fitted, folder, {})
    files = ("weights.npz", "names.txt", "cues.txt", "model.json")
    one, two = ([(folder / file).read_bytes() for file in files] for folder in folders)
    assert one == two
