"""The pages of an administrator: people and divisions that are administered, and no others."""

import json
import re
from functools import partial
from itertools import pairwise

from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import CoachingError, Source
from bot.slack.admin import divisions as admin_divisions
from bot.slack.admin import people as admin_people
from bot.slack.admin import person_form as admin_person_form
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from bot.slack.admin.people import Search
from tests.privacy.oracle import Rights
from tests.privacy.refusals import NO_ONE, refusal, said
from tests.privacy.scene import DIVISIONS, Scene, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene

ACCOUNT = re.compile(r"\bU0\d+\b")


def written(view: View) -> str:
    """Everything that is sent to be shown, what only the page knows included."""
    return json.dumps(view.to_dict())


@for_every_scene(15)
def test_who_administers_sees_the_divisions_that_are_theirs(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        appoint_managers(stage)
        for rights in stage.everybody():
            divisions = administered(scene, rights.me)
            theirs = {each.id for each in scene.people if each.division in divisions}
            assert_people(stage, rights, divisions, theirs)
            for each in scene.people:
                assert_person(stage, rights, each.id, theirs)
            assert_other_pages(stage, rights, divisions)


def administered(scene: Scene, me: int) -> set[int]:
    """The divisions that are one’s own; all of them, where nobody else administers the rest."""
    mine, anybodys = (
        {where for each in people for role, where in each.grants if role == "Administrator"}
        for people in ([scene.people[me]], scene.people)
    )
    return {*DIVISIONS} if mine and mine >= anybodys else mine


def appoint_managers(stage: Stage) -> None:
    """Let everybody have a manager, who may be of another division."""
    with stage.store.begin() as tx:
        for each, manager in pairwise(stage.scene.people):
            person = tx.people.for_change(each.id)
            assert person
            person.manager_id = manager.id


def known_of(stage: Stage, theirs: set[str]) -> set[str]:
    """What the pages may tell: the people, and nothing at all of any session."""
    return {mark for each in stage.scene.people if each.id in theirs for mark in each.marks}


def divisions_in(text: str) -> set[int]:
    return {number for number in DIVISIONS if f"Division {number}" in text}


def assert_people(stage: Stage, rights: Rights, divisions: set[int], theirs: set[str]) -> None:
    """The list and its count, whatever is looked for."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    write = partial(admin_people.write, context, caller)
    if not divisions:
        assert not marks_in(refusal(partial(write, search=Search())).message)
        return
    for words in ("", *(each.name for each in stage.scene.people)):
        page = coaching.people_page(context, caller, coaching.PeopleQuery(words=words))
        wanted = {
            each.id for each in stage.scene.people if each.id in theirs and words in each.name
        }
        assert {each.person_id for each in page.people.entities} == wanted
        assert page.people.total == len(wanted)
        text = written(write(search=Search(words=words)))
        assert marks_in(text) <= known_of(stage, theirs) | {words}
        assert divisions_in(text) <= divisions


def assert_person(stage: Stage, rights: Rights, person_id: str, theirs: set[str]) -> None:
    """One person; whoever is elsewhere can’t be told from nobody (4.4)."""
    finding = partial(coaching.person_page, stage.context, stage.caller(rights, Source.SLACK))
    if person_id not in theirs:
        error = refusal(partial(finding, person_id))
        assert said(error) == said(refusal(partial(finding, NO_ONE)))
        return
    page = finding(person_id)
    text = written(admin_person_form.form(page, admin_person_form.Carried("V0")))
    assert marks_in(text + repr(page)) <= known_of(stage, theirs)
    accounts = {each.account for each in stage.scene.people if each.id in theirs}
    assert set(ACCOUNT.findall(text)) <= accounts


def assert_other_pages(stage: Stage, rights: Rights, divisions: set[int]) -> None:
    """Divisions are those administered; roles and policies are for who administers them all."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    for write in (admin_divisions.write, admin_roles.write, admin_policies.write):
        try:
            text = written(write(context, caller))
        except CoachingError as error:
            text = error.message
        assert not marks_in(text)
        assert divisions_in(text) <= divisions
