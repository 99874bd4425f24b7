"""The rest of the coaching day in Chromium: a report, shortcuts, settings, people and the team."""

from pathlib import Path

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane


async def test_a_report_comes_as_a_chart_and_a_table(
    page: Page, played_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{played_sandbox.url}/?a=U0GRACE&b=")
    grace = Pane(page, "a")
    await grace.type_command("/coach report team last 30 days")
    people = page.get_by_role("table", name="People")
    await expect(people).to_be_visible()
    jonas = people.get_by_role("row").filter(has_text="Jonas Beck")
    await expect(jonas.get_by_role("cell")).to_have_text(["1", "0", "0", "1", "0", "1"])
    await (
        grace.root.get_by_test_id("message")
        .filter(has=people)
        .evaluate("message => message.scrollIntoView({block: 'start'})")
    )
    await grace.look(pictures, "report")


async def test_a_session_begins_from_a_message_and_from_anywhere(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=&at=general")
    dana = Pane(page, "a")
    message = dana.message("25 minutes on one refund")
    await message.hover()
    await message.get_by_test_id("message-more").click()
    await page.get_by_role("menuitem", name="Coach on this").click()
    await expect(dana.modal).to_contain_text("Priya Raman")
    await dana.look(pictures, "shortcut")
    await dana.turn_to("Attachments")
    await expect(dana.modal).to_contain_text("Slack message")
    await dana.look(pictures, "shortcut-attached")
    await dana.close()
    await dana.root.locator(".composer").get_by_test_id("shortcuts").click()
    await page.get_by_role("menuitem", name="Schedule coaching").click()
    await expect(dana.field("name")).to_be_visible()


async def test_a_clock_of_24_hours_is_kept_and_seen_afterwards(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=")
    dana = Pane(page, "a")
    await dana.type_command("/coach settings")
    await expect(dana.field("hours")).to_be_visible()
    await dana.look(pictures, "settings")
    await dana.modal.get_by_role("radio", name="24 hours").check()
    await dana.submit()
    await expect(dana.modal).to_contain_text("Saved")
    await dana.look(pictures, "settings-saved")
    await dana.close()
    await dana.type_command("/coach schedule @Jonas Beck tomorrow 3pm Call review")
    await expect(dana.modal).to_contain_text("15:00")


async def test_an_administrator_gives_a_role_and_working_hours(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0ALEX&b=U0LUCIA")
    alex, lucia = Pane(page, "a"), Pane(page, "b")
    await lucia.type_command("/coach schedule")
    await expect(lucia.modal).to_contain_text("needs a supervisor’s role")
    await lucia.look(pictures, "agent-schedules")
    await lucia.close()
    await alex.type_command("/coach admin Lucía")
    await alex.press("Open Lucía Fernández")
    await expect(alex.field("working_hours")).to_be_visible()
    await alex.fill_in(working_hours="Mon–Thu 08:00–14:00")
    await alex.pick("grants", "Supervisor – Home")
    await alex.look(pictures, "admin-person")
    await alex.submit()
    await expect(alex.modal.get_by_role("button", name="People, shown now")).to_be_visible()
    await expect(alex.modal).to_contain_text("Supervisor")
    await alex.look(pictures, "admin")
    for tab in ("Divisions", "Roles", "Policies"):
        await alex.press(f"Show {tab.lower()}")
        await expect(alex.modal.get_by_role("button", name=f"{tab}, shown now")).to_be_visible()
        await alex.look(pictures, f"admin-{tab.lower()}")


async def test_home_shows_the_team_and_one_of_it(
    page: Page, played_sandbox: Sandbox, pictures: Path
) -> None:
    await page.set_viewport_size({"width": 1440, "height": 1600})
    await page.goto(f"{played_sandbox.url}/?a=U0GRACE&b=U0MAXI")
    grace, maxi = Pane(page, "a"), Pane(page, "b")
    await grace.open("home")
    await maxi.open("home")
    await expect(grace.home).to_contain_text("Your team")
    await grace.look(pictures, "home-team", at=grace.home.get_by_text("Your team"))
    await grace.home.get_by_role("button", name="Show sessions of Jonas Beck").click()
    await expect(grace.home.get_by_role("button", name="Show everybody")).to_be_visible()
    await expect(grace.home).to_contain_text("After-call notes")
    await grace.look(pictures, "home-person", at=grace.home.get_by_text("Your team"))
