"""Going through a page by keys alone, and what must hold while somebody does."""

from __future__ import annotations

from playwright.async_api import Page

_NAME_OF = """() => { const here = document.activeElement;
  const says = (id) => document.getElementById(id)?.innerText || "";
  const named = here.ariaLabel || says(here.getAttribute("aria-labelledby"));
  return (named || here.labels?.[0]?.innerText || here.innerText || here.value || "").trim();
}"""


async def tab_to(page: Page, name: str, most: int = 200) -> None:
    """Tab until whatever has a name that begins with these words has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        said: str = await page.evaluate(_NAME_OF)
        if said.startswith(name) and not said[len(name) :][:1].isalpha():
            return
    raise AssertionError(f"no way to {name} by Tab on {page.url}")


async def write(page: Page, name: str, text: str) -> None:
    """Come to a field by Tab, and write in it instead of what stands there."""
    await tab_to(page, name)
    await page.keyboard.press("Control+a")
    await page.keyboard.type(text)


async def press(page: Page, name: str) -> None:
    """Come to it by Tab and press Enter; the page that it leads to is there afterwards."""
    await tab_to(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def scripts_ready(page: Page) -> None:
    """Keys of the console's own are heard from then on."""
    await page.wait_for_load_state("load")


async def focus_is_somewhere(page: Page) -> None:
    """Focus that falls to the body sends whoever uses keys back to the top of the page."""
    assert await page.evaluate("document.activeElement !== document.body"), page.url
