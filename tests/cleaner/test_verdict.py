"""Verdicts: each code hits what it is meant for and leaves alone what is only about it."""

from importlib import resources

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner import verdict
from scraper.cleaner.rules import load_lexicon
from scraper.outline import outline
from scraper.text import count_words

LEXICONS = ("challenge", "consent-page", "error-page", "login-page")
LANGUAGES = "ar de en es fr it ja ko nl pl pt ru sv tr zh".split()

SECTIONS = "News Valley Sport Tides Weather Letters Markets Boats Games Maps Radio Archive".split()
NAV = "<nav>" + "".join(f"<a href=/{name}>{name}</a> " for name in SECTIONS * 6) + "</nav>"
FOOTER = "<footer><p>Printed in Orrin, on paper, when the ink allows it.</p></footer>"
SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "
TEASERS = "".join(
    f"<h3><a href=/{n}>The mayor has opened bridge number {n} again</a></h3><p>It rained.</p>"
    for n in range(8)
)
BANNER = (
    "<div class=cookie-banner><p>We and our partners store and/or access information on a device"
    "</p><p>You can withdraw your consent at any time.</p><button>Accept all</button></div>"
)


def judge(body, title="", *, kept=None, page_type="article", certain=0.5):
    """Return the doubts; kept are the blocks of at least five words that are no links."""
    tree = LexborHTMLParser(f"<head><title>{title}</title></head><body>{body}</body>")
    page = outline(tree)
    if kept is None:
        kept = [
            index
            for index, text in enumerate(page.texts)
            if count_words(text) >= 5 and 2 * page.links[index] <= len(text)
        ]
    return verdict.doubts(
        page,
        kept,
        [title],
        page_type=page_type,
        certain=certain,
        login=verdict.asks_login(tree),
        proof=verdict.asks_proof(tree),
    )


def site(main, title, **more):
    """Judge a page with the navigation of a site around its text."""
    return judge(f"<header>{NAV}</header><main>{main}</main>{FOOTER}", title, **more)


def article(words, *paragraphs):
    """Return paragraphs of an article of about so many words."""
    return "".join(f"<p>{text}</p>" for text in (*paragraphs, *[SENTENCE] * (words // 17)))


# Articles


def test_a_plain_article_has_no_doubts():
    assert site(article(400), "The tide") == ()


def test_a_short_text_is_doubted():
    assert site(article(40), "The tide") == ("short_text",)


def test_a_page_without_text_has_no_content():
    assert judge("<div id=root></div>", "The tide") == ("no_content",)


def test_a_line_that_asks_for_scripts_is_no_content():
    body = "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    assert judge(body, "Tide tables") == ("no_content",)


def test_an_article_that_is_shown_only_without_scripts_is_content():
    assert judge(f"<noscript>{article(400)}</noscript>", "The tide") == ()


def test_no_body_is_no_content():
    assert judge("", kept=[]) == ("no_content",)


# Bot checks


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<p>Enable JavaScript and cookies to continue</p>"),
        ("Nur einen Moment…", "<p>Bestätigen Sie, dass Sie ein Mensch sind.</p>"),
        ("Un instant…", "<p>Vérifiez que vous êtes humain en effectuant l'action ci-dessous.</p>"),
        ("Verificación", "<h1>¿Eres humano o un robot?</h1><p>Espere, por favor.</p>"),
        ("Ой!", "<p>Подтвердите, что запросы отправляли вы, а не робот</p>"),
        ("BİR DAKİKA LÜTFEN", "<p>İnsan olduğunuzu doğrulayın</p>"),
        ("安全验证", "<p>请完成安全验证后继续访问</p>"),
        ("ボット", "<h1>アクセスが拒否されました</h1>"),
        ("잠시만 기다려 주세요...", "<p>사람인지 확인하는 중입니다.</p>"),
        ("لحظة من فضلك", "<p>تحقق من أنك إنسان</p>"),
    ],
)
def test_a_bot_check_is_a_challenge(title, body):
    assert judge(body, title) == ("challenge_page",)


def test_a_refusal_by_the_server_is_a_challenge():
    body = "<h1>Access Denied</h1>You don't have permission to access this page on this server."
    assert judge(body, "Access Denied") == ("challenge_page",)


def test_one_sentence_is_enough_where_it_is_all_there_is():
    assert judge("<p>Your request has been blocked.</p>") == ("challenge_page",)


def test_a_long_refusal_with_the_names_of_a_firewall_is_a_challenge():
    body = f"<div id=cf-error-details><h1>Sorry, you have been blocked</h1>{article(110)}</div>"
    assert judge(body, "Attention Required! | Tollhouse") == ("challenge_page",)


def test_a_check_in_a_frame_is_a_challenge_though_the_page_says_nothing():
    frame = '<iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful.</iframe>'
    assert judge(frame) == ("challenge_page",)


def test_a_captcha_beside_a_short_form_is_no_challenge():
    body = "<h1>Write to us</h1><form><p>Tell us what you saw.</p><div class=g-recaptcha></div>"
    assert judge(body, "Contact") == ("short_text",)


def test_an_article_about_captchas_is_no_challenge():
    text = article(
        250, "The ferry's web page asked: are you a robot? Verify you are human, it said."
    )
    assert site(text, "Are you a robot?") == ()


def test_a_short_report_about_a_check_is_no_challenge():
    text = article(130, "Readers saw: checking your browser. Please verify you are human, it said.")
    assert site(text, "Ferry company asks readers to verify you are human, then forgets them") == ()


def test_a_short_story_called_just_a_moment_is_no_challenge():
    assert site(article(100), "Just a moment...") == ()


# Errors


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("Page not found | Orrin Herald", "Sorry, the page you are looking for doesn't exist."),
        ("Seite nicht gefunden - Kurier", "Die gesuchte Seite gibt es leider nicht mehr."),
        ("Article introuvable", "L'article que vous recherchez n'est plus en ligne."),
        ("Página no encontrada", "Lo sentimos, la página que buscas no existe."),
        ("Errore 404", "La pagina che stai cercando non esiste."),
        ("Página não encontrada", "A página que você procura não existe."),
        ("Pagina niet gevonden", "De pagina die je zoekt bestaat niet of niet meer."),
        ("Błąd 404", "Niestety, strona o podanym adresie nie istnieje."),
        ("Страница не найдена", "К сожалению, запрашиваемая страница не существует."),
        ("SAYFA BULUNAMADI", "Aradığınız sayfa bulunamadı, silinmiş olabilir."),
        ("Sidan hittades inte", "Sidan du letar efter finns inte längre."),
        ("ページが見つかりません", "お探しのページは移動または削除された可能性があります。"),
        ("页面不存在", "抱歉，您访问的页面不存在。"),
        ("페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다."),
        ("الصفحة غير موجودة", "عذراً، الصفحة التي تبحث عنها غير موجودة."),
    ],
)
def test_an_error_among_the_navigation_of_a_site_is_an_error(title, message):
    assert site(f"<h1>404</h1><p>{message}</p>", title) == ("error_page",)


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "403 Forbidden",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "301 Moved Permanently",
        "Site under maintenance",
    ],
)
def test_what_a_server_says_of_itself_is_an_error(title):
    heading = title.lstrip("0123456789 ")
    assert judge(f"<center><h1>{heading}</h1></center><hr>", title) == ("error_page",)


def test_an_article_that_was_taken_down_is_an_error():
    body = "<h1>This article is no longer available</h1><p>The story you requested is gone.</p>"
    assert site(body, "Orrin Herald") == ("error_page",)


def test_an_error_with_teasers_after_it_is_an_error():
    body = f"<h1>Page not found</h1><p>We couldn't find the page.</p><section>{TEASERS}</section>"
    assert site(body, "Page not found - Orrin Herald") == ("error_page",)


def test_the_name_of_the_body_stands_for_a_sentence_that_is_not_known():
    tree = LexborHTMLParser(
        f"<title>404</title><body class='error404 wp'>{NAV}<h1>Adrift</h1><p>Nobody here.</p>"
    )
    page = outline(tree)
    found = verdict.doubts(page, [], ["404"], page_type="article", certain=0.5, login=False)
    assert found == ("error_page",)


def test_an_article_about_404_pages_is_no_error():
    text = article(250, "Page not found, it says. The page you are looking for doesn't exist.")
    assert site(text, "404 Not Found") == ()


def test_a_brief_about_maintenance_is_no_error():
    text = article(70, "The ferry's web page is down for maintenance, and will be back on Monday.")
    assert site(text, "Ferry web page down for maintenance until the captain is found") == ()


def test_an_error_that_hides_in_a_template_is_not_heard():
    hidden = "<div hidden><h2>Something went wrong</h2><p>An unexpected error occurred</p></div>"
    assert site(article(70) + hidden, "The tide") == ()


def test_an_article_that_was_not_kept_is_no_error():
    text = article(500, "We couldn't find the page, the ferry said.")
    body = f"<h1>Page not found</h1>{text}"
    assert site(body, "Page not found", kept=[]) == ("no_content",)


# Consent


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Before you continue to Find", "We use cookies and data to serve you better."),
        ("Wir benötigen Ihre Zustimmung", "Wir und unsere Partner speichern, was Sie lesen."),
        ("Votre vie privée", "Avec votre accord, nous et nos partenaires lisons avec vous."),
        ("Configuración de privacidad", "Nosotros y nuestros socios leemos con usted."),
        ("Jouw privacy", "Wij en onze partners lezen graag met u mee."),
        ("Ustawienia prywatności", "My i nasi partnerzy czytamy razem z państwem."),
    ],
)
def test_a_page_that_holds_only_the_dialog_asks_for_consent(title, said):
    body = f"<div><h1>{title}</h1><p>{said}</p><p>{SENTENCE * 3}</p><button>OK</button></div>"
    assert judge(body, title) == ("consent_page",)


def test_a_long_dialog_that_is_named_so_asks_for_consent():
    purposes = "<p>We and our partners use precise geolocation data. " + SENTENCE * 3 + "</p>"
    body = f"<div id=consent-wall>{purposes * 12}<button>Accept all</button></div>"
    assert judge(body, "Orrin Herald") == ("consent_page",)


def test_a_banner_under_an_article_asks_nothing():
    assert site(article(300) + BANNER, "The tide") == ()


def test_a_banner_under_a_short_article_asks_nothing():
    assert site(article(80) + BANNER, "The tide") == ()


def test_an_article_in_a_box_named_consent_asks_nothing():
    body = f"<div class=needs-consent>{NAV}{article(300)}{BANNER}</div>"
    assert judge(body, "The tide") == ()


def test_a_page_that_is_hidden_behind_its_dialog_asks_nothing():
    body = f"<div aria-hidden=true>{NAV}{article(90)}</div>{BANNER}"
    assert "consent_page" not in judge(body, "The tide")


def test_an_article_about_cookie_walls_asks_nothing():
    text = article(150, "Before you continue, the wall says, we and our partners need you.")
    assert site(text + BANNER, "Wir benötigen Ihre Zustimmung: was Cookie-Wände sagen") == ()


# Logins

PASSWORD = "<form><label>Password</label><input type=password></form>"


@pytest.mark.parametrize(
    "title",
    [
        "Sign in - Orrin Herald",
        "Anmelden | Kurier",
        "Connexion",
        "Iniciar sesión",
        "Accedi",
        "Inloggen",
        "Logowanie",
        "Вход",
        "Üye Girişi",
        "Logga in",
        "ログイン",
        "用户登录",
        "로그인",
        "تسجيل الدخول",
    ],
)
def test_a_password_field_under_such_a_title_is_a_login(title):
    assert site(f"<p>Orrin has its own way.</p>{PASSWORD}", title) == ("login_page",)


def test_a_registration_without_a_password_is_a_login():
    body = "<p>Register for a free account to read on.</p><p>Already have an account?</p>"
    assert site(body, "Create your account | Orrin Herald") == ("login_page",)


def test_an_article_with_a_box_to_log_in_is_no_login():
    box = f"<aside><h3>Log in</h3>{PASSWORD}<p>Forgot your password?</p></aside>"
    assert site(article(80) + box, "The tide") == ()


def test_an_article_about_logins_is_no_login():
    text = article(250, "You must be logged in to read this sentence, the ferry's page said.")
    assert site(text + PASSWORD, "Log in to continue") == ()


def test_a_short_page_for_members_is_no_login():
    assert site(article(80) + "<button>Log in</button>", "Members only") == ()


# Lists


def test_headlines_that_are_links_are_an_index():
    assert site(TEASERS, "Orrin Herald") == ("index_page",)


def test_an_index_of_which_nothing_was_kept_is_an_index():
    assert site(TEASERS, "Orrin Herald", kept=[]) == ("index_page",)


def test_links_all_over_are_an_index():
    links = "".join(f"<p><a href=/{n}>{SENTENCE[:40]}</a></p>" for n in range(30))
    assert judge(links, "Archive of March") == ("index_page",)


def test_a_short_article_among_headlines_is_no_index():
    assert site(article(120) + TEASERS, "The tide") == ()


def test_a_teaser_of_an_article_among_headlines_is_no_index_where_the_type_is_certain():
    found = site(article(40) + TEASERS, "The tide", certain=0.9)
    assert found == ("short_text",)


def test_an_article_that_was_not_kept_is_no_index():
    assert site(article(350) + TEASERS * 3, "The tide", kept=[]) == ("no_content",)


def test_long_teasers_are_an_index_where_the_type_is_certain():
    long = TEASERS.replace("It rained.", SENTENCE * 2)
    assert site(long, "Orrin Herald", page_type="listing", certain=0.9) == ("index_page",)


def test_long_teasers_are_no_index_where_the_type_is_not_certain():
    long = TEASERS.replace("It rained.", SENTENCE * 2)
    assert site(long, "Orrin Herald", page_type="listing", certain=0.5) == ()


def test_an_article_without_headlines_is_no_index_whatever_its_type():
    assert site(article(400), "The tide", page_type="collection", certain=0.99) == ()


# Lexicons


@pytest.mark.parametrize("name", LEXICONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicon_speaks_the_language(name, language):
    lexicons = resources.files("scraper") / "data" / "lexicons"
    assert (lexicons / language / f"{name}.txt").is_file()


@pytest.mark.parametrize("name", LEXICONS)
def test_every_phrase_can_be_said(name):
    phrases = load_lexicon(name)
    assert all(any(letter.isalnum() for letter in phrase) for phrase in phrases)
