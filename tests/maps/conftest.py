"""A browser without a network, and the pages it opens."""

import pandas as pd
import pytest
from playwright.sync_api import Error, sync_playwright

import siting
import tiny
from maps.fake import NASTY, fake_plan
from maps.full import full_plan, hostile_plan
from siting.maps import draw


@pytest.fixture(scope="session")
def plan():
    return fake_plan()


@pytest.fixture(scope="session")
def russian(plan, tmp_path_factory):
    return draw(plan, tmp_path_factory.mktemp("ru"), lang="ru")


@pytest.fixture(scope="session")
def english(plan, tmp_path_factory):
    return draw(plan, tmp_path_factory.mktemp("en"), lang="en")


@pytest.fixture(scope="session")
def full():
    return full_plan()


@pytest.fixture(scope="session")
def full_ru(full, tmp_path_factory):
    return draw(full, tmp_path_factory.mktemp("full_ru"), lang="ru")


@pytest.fixture(scope="session")
def full_en(full, tmp_path_factory):
    return draw(full, tmp_path_factory.mktemp("full_en"), lang="en")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    return draw(hostile_plan(NASTY), tmp_path_factory.mktemp("hostile"), lang="ru")


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """The tiny region with four times its prospects, so that several parks can open."""
    layers = tiny.tables()
    more = [
        layers["prospects"].assign(
            prospect_id=layers["prospects"]["prospect_id"] + f"-{copy}",
            area_ha=layers["prospects"]["area_ha"] * (1 + 0.07 * copy),
        )
        for copy in range(4)
    ]
    layers["prospects"] = pd.concat(more, ignore_index=True)
    folder = tmp_path_factory.mktemp("tiny")
    return siting.plan(siting.read_region(tiny.write(folder, layers)))


@pytest.fixture(scope="session")
def real_map(real, tmp_path_factory):
    return draw(real, tmp_path_factory.mktemp("map"))


@pytest.fixture(scope="session")
def browser(chromium):
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


class Visit:
    """A page opened with the network off, and everything it said or asked for."""

    def __init__(self, browser, file, address="", size=(1280, 800)):
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True
        )
        self.requests, self.said = [], []
        self.context.route("http*://**/*", lambda route: route.abort())
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.file = file.as_uri()
        self.page.goto(self.file + address)
        try:
            self.page.wait_for_selector("body.ready")
        except Error as late:
            # a script that failed is told with what it said, not as a page that is late
            raise AssertionError(f"the page was never ready; it said {self.said}") from late

    def walk(self, addresses):
        """Go to each address in turn, on the page as it stands."""
        for address in addresses:
            self.page.evaluate("address => { location.hash = address; }", address)
            self.page.wait_for_timeout(60)
            yield address

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def asked(self):
        """Requests beyond the file itself; data: addresses never leave the page."""
        return [
            url
            for url in self.requests
            if url.split("#")[0] != self.file and not url.startswith("data:")
        ]


@pytest.fixture
def visit(browser):
    opened = []

    def go(file, address="", size=(1280, 800)):
        opened.append(Visit(browser, file, address, size))
        return opened[-1]

    yield go
    for one in opened:
        one.context.close()
