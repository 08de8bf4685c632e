"""The kiosk's settings, each declared once: the form, the help and the docs follow from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.domain.backups import check_folder
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, marked
from kiosk.domain.region import Region
from kiosk.domain.setting_info import SettingInfo, SettingValue, about, setting

__all__ = ["SettingInfo", "SettingValue", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their values in force."""

    camera: str = setting(
        "0",
        marked("Camera"),
        marked("Camera"),
        marked(
            "A camera's number, a video file, a folder of pictures, or an rtsp:// or http:// "
            "address."
        ),
        secret=True,
    )
    rotate: str = setting(
        "0",
        marked("Camera"),
        marked("Turn the picture"),
        marked(
            "For a camera that is mounted on its side or upside down. Faces must stand upright."
        ),
        choices=(
            ("0", marked("Not turned")),
            ("90", marked("A quarter turn clockwise")),
            ("180", marked("Upside down")),
            ("270", marked("A quarter turn anticlockwise")),
        ),
    )
    mirror: bool = setting(
        True,
        marked("Camera"),
        marked("Mirror the picture"),
        marked("People find themselves faster in a mirror."),
    )
    region: str = setting(
        "",
        marked("Camera"),
        marked("Region to look at"),
        marked(
            "Left, top, right and bottom in per cent of the turned picture, such as 20,0,80,100. "
            "Faces outside are not looked at: people who pass behind, a picture on the wall."
        ),
        blank=marked("the whole picture"),
        check=Region.parse,
    )
    min_face: int = setting(
        48,
        marked("Camera"),
        marked("Smallest face"),
        marked("Smaller faces are asked to come closer."),
        low=32,
        high=400,
        unit=marked("pixels"),
    )
    mode: str = setting(
        "walk_up",
        marked("Decision"),
        marked("Mode"),
        marked(
            "The first looks for the face among everybody; the second asks for a name or number, "
            "and compares with that person alone."
        ),
        choices=(
            ("walk_up", marked("Walk up and look")),
            ("claimed", marked("Type who you are, then look")),
        ),
    )
    far: float = setting(
        0.001,
        marked("Decision"),
        marked("False acceptance rate"),
        marked("The chance that one stranger's look is let in: 0.001 is 1 in 1,000."),
        low=1e-6,
        high=0.1,
    )
    agree: int = setting(
        3,
        marked("Decision"),
        marked("Frames that must agree"),
        marked("Of the last frames looked at."),
        low=1,
        high=20,
    )
    window: int = setting(
        5,
        marked("Decision"),
        marked("Frames looked at"),
        marked("How many of the last frames count."),
        low=1,
        high=20,
    )
    margin: float = setting(
        10,
        marked("Decision"),
        marked("Margin between two people"),
        marked(
            "Where the scores of the two most similar people are closer than this, the kiosk asks "
            "for a number: for brothers and sisters among the staff."
        ),
        low=0,
        high=50,
        unit=marked("points"),
    )
    encoder: str = setting(
        "auto",
        marked("Decision"),
        marked("Encoder"),
        marked(
            "Auto keeps the one that people are enrolled with; a new site gets the default. "
            "With another, everybody must be enrolled anew. Beside each stands its licence: "
            "research data is not for a business."
        ),
    )
    tap_first: bool = setting(
        False,
        marked("Decision"),
        marked("Tap before it looks"),
        marked("A glance in passing is no wish to enter; a tap is (NIST SP 800-63B-4)."),
    )
    pin_entry: bool = setting(
        True,
        marked("Decision"),
        marked("Let people use their PIN"),
        marked("The other way in when a face is refused."),
    )
    liveness: str = setting(
        "passive_then_challenge",
        marked("Person or photo"),
        marked("Check that it is a person and not a photo"),
        marked(
            "A printed photo and a face on a phone look much like a person. A head that turns when "
            "it is asked to does not."
        ),
        choices=(
            ("off", marked("Off")),
            ("passive", marked("Look only")),
            (
                "passive_then_challenge",
                marked("Look, and ask to turn the head when unsure (recommended)"),
            ),
            ("always_challenge", marked("Always ask to turn the head")),
        ),
        cautions=(
            (
                "off",
                marked(
                    "Whoever holds up a photo of somebody enrolled is let in: a printed one, or "
                    "one on a phone."
                ),
            ),
        ),
    )
    liveness_risk: str = setting(
        "standard",
        marked("Person or photo"),
        marked("What is behind this door"),
        marked(
            "For what nobody else must open, three times as many people are asked to turn their "
            "head, and three times instead of twice."
        ),
        choices=(
            ("standard", marked("Offices, a canteen")),
            ("high", marked("A safe, a server room")),
        ),
    )
    liveness_bpcer: float = setting(
        0.2,
        marked("Person or photo"),
        marked("People asked to turn their head although all is well"),
        marked(
            "0.2 is 1 in 5. The more people are asked, the fewer photos are overlooked. The kiosk "
            "draws the line by those whom it lets in here. Look only asks nobody: then at most 1 "
            "in 20 is refused."
        ),
        low=0.01,
        high=0.9,
    )
    liveness_light: bool = setting(
        True,
        marked("Person or photo"),
        marked("Light the face with the screen"),
        marked(
            "Whoever is asked to turn the head is lit in two or three colours for a second. Skin "
            "answers to that, a phone or a monitor hardly does. Colours change slowly."
        ),
    )
    hold: float = setting(
        3.0,
        marked("Screen"),
        marked("Show a verdict for"),
        "",
        low=1,
        high=30,
        unit=marked("seconds"),
    )
    repeat_after: float = setting(
        60.0,
        marked("Screen"),
        marked("Same person again after"),
        marked(
            "Within this time a person who was let in is not clocked again; the log marks it as "
            "“again”."
        ),
        low=0,
        high=3600,
        unit=marked("seconds"),
    )
    theme: str = setting(
        "auto",
        marked("Screen"),
        marked("Theme"),
        marked("Auto is dark from 19:00 to 7:00."),
        choices=(
            ("auto", marked("By the clock")),
            ("light", marked("Light")),
            ("dark", marked("Dark")),
        ),
    )
    sound: bool = setting(
        True,
        marked("Screen"),
        marked("Sounds"),
        marked("A rising sound for yes, a falling for no."),
    )
    screen_keyboard: str = setting(
        "auto",
        marked("Screen"),
        marked("Keys on the screen"),
        marked("For the admin panel on a screen that is touched. The door always has its own."),
        choices=(
            ("auto", marked("Where a finger touches a field")),
            ("always", marked("Always")),
            ("never", marked("Never")),
        ),
    )
    attendance: bool = setting(
        True,
        marked("Attendance"),
        marked("Attendance mode"),
        marked("Whoever is let in is also clocked in or out."),
    )
    day_starts: int = setting(
        4,
        marked("Attendance"),
        marked("A working day begins at"),
        marked("Whoever comes before this hour counts to the day before."),
        low=0,
        high=23,
        unit=marked("o'clock"),
    )
    longest_shift: int = setting(
        16,
        marked("Attendance"),
        marked("The longest shift"),
        marked(
            "Whoever came within this time goes with the next look, over midnight too. Whoever "
            "came longer ago has forgotten to go, and comes anew."
        ),
        low=1,
        high=36,
        unit=marked("hours"),
    )
    usual_shift: int = setting(
        12,
        marked("Attendance"),
        marked("Ask after a stay of"),
        marked(
            "Whoever goes after more than this is asked whether they go home or have just come."
        ),
        low=1,
        high=36,
        unit=marked("hours"),
    )
    shortest_stay: int = setting(
        5,
        marked("Attendance"),
        marked("Ask about a stay shorter than"),
        marked(
            "A second look so soon is probably none: the kiosk asks, and without an answer nobody "
            "comes or goes."
        ),
        low=0,
        high=60,
        unit=marked("minutes"),
    )
    clock_by: str = setting(
        "look",
        marked("Attendance"),
        marked("In or out"),
        marked("Told by who is in already, or chosen each time by a touch."),
        choices=(
            ("look", marked("The kiosk tells by who is in")),
            ("touch", marked("People choose by a touch")),
        ),
    )
    breaks: str = setting(
        "off",
        marked("Attendance"),
        marked("Breaks"),
        marked("Whoever goes is offered to begin a break; the next look ends it."),
        choices=(
            ("off", marked("Not recorded")),
            ("unpaid", marked("Recorded, not paid")),
            ("paid", marked("Recorded and paid")),
        ),
    )
    break_rule: str = setting(
        "off",
        marked("Attendance"),
        marked("Breaks by law"),
        marked(
            "30 minutes after 6 hours of work, 45 after 9. For sites where breaks are recorded, or "
            "people clock out for them: elsewhere every day would be marked."
        ),
        choices=(
            ("off", marked("Not looked at")),
            ("warn", marked("Said on the sheet")),
            ("deduct", marked("What is missing is taken off")),
        ),
    )
    rest: int = setting(
        11,
        marked("Attendance"),
        marked("Rest between two shifts"),
        marked("A shorter one is said on the sheet; 0 for none."),
        low=0,
        high=24,
        unit=marked("hours"),
        blank=marked("none"),
    )
    rounding: str = setting(
        "1",
        marked("Attendance"),
        marked("Times count by"),
        marked("The sheet shows exact and counted hours, and who gains."),
        choices=(
            ("1", marked("The minute")),
            ("5", marked("5 minutes")),
            ("6", marked("6 minutes, a tenth of an hour")),
            ("10", marked("10 minutes")),
            ("15", marked("A quarter of an hour")),
            ("30", marked("Half an hour")),
        ),
    )
    rounding_way: str = setting(
        "clock",
        marked("Attendance"),
        marked("Rounded"),
        "",
        choices=(
            ("clock", marked("Down, coming and going alike")),
            ("nearest", marked("To the nearest")),
            ("inward", marked("Coming up, going down")),
            ("outward", marked("Coming down, going up")),
        ),
        cautions=(
            ("inward", marked("Every rounding takes time from the people who work here.")),
            ("outward", marked("Every rounding gives time to the people who work here.")),
        ),
    )
    forgotten: str = setting(
        "open",
        marked("Attendance"),
        marked("Nobody clocked out"),
        marked("People are asked at their next visit when they left. Until then:"),
        choices=(
            ("open", marked("Nothing counts")),
            ("shift", marked("The shift's end counts, marked as assumed")),
        ),
    )
    holidays: str = setting(
        "",
        marked("Attendance"),
        marked("Public holidays of"),
        marked("A country, and a part of it: DE, DE-BY, US-CA. Nobody is expected on them."),
        blank=marked("none"),
    )
    absence_kinds: str = setting(
        marked("Holiday, Sick, Training, Unpaid leave"),
        marked("Attendance"),
        marked("Kinds of absence"),
        marked("With commas between."),
    )
    count_in: bool = setting(
        False,
        marked("Attendance"),
        marked("Show how many people are in"),
        marked("A number on the page at the door."),
    )
    evacuation_list: bool = setting(
        False,
        marked("Attendance"),
        marked("Keep a list for an evacuation"),
        marked(
            "Who is in, written into the data folder every minute, so that it can be read after a "
            "power cut. It holds names."
        ),
    )

    consent: str = setting(
        "ask",
        marked("Privacy"),
        marked("Consent before a face is taken"),
        marked(
            "What is kept of a face is personal data of a special kind: in most countries people "
            "must agree first, and must be free not to. Asked where somebody is enrolled; on "
            "the command line enrol --consent and people agree record it."
        ),
        choices=(
            ("off", marked("Not asked for here")),
            ("ask", marked("Asked for, and said where it is missing")),
            ("require", marked("Required: without it nobody is enrolled")),
        ),
    )
    consent_text: str = setting(
        "",
        marked("Privacy"),
        marked("The text that people agree to"),
        marked("Whoever agreed to another text before is shown as such."),
        blank=marked("the kiosk's own text"),
    )
    keep_refused: int = setting(
        0,
        marked("Privacy"),
        marked("Keep looks that were refused for"),
        marked(
            "Then their rows name nobody and say only the day. 0 is for ever; 30 is enough for "
            "most."
        ),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    keep_allowed: int = setting(
        0,
        marked("Privacy"),
        marked("Keep looks that were let in for"),
        marked(
            "Then their rows name nobody and say only the day. 0 is for ever; 90 is enough for "
            "most."
        ),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    keep_attendance: int = setting(
        0,
        marked("Privacy"),
        marked("Keep hours for"),
        marked("Punches, absences and the lines of closed periods. 0 is for ever."),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    hours_by_law: int = setting(
        730,
        marked("Privacy"),
        marked("The law asks to keep hours for"),
        marked(
            "Nobody can set hours to be kept for less, and hours of people who were erased stay "
            "as long."
        ),
        low=0,
        high=36500,
        unit=marked("days"),
    )
    keep_requests: int = setting(
        0,
        marked("Privacy"),
        marked("Keep requests for corrections for"),
        marked("0 is for ever; as long as hours is enough for most."),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    keep_audit: int = setting(
        0,
        marked("Privacy"),
        marked("Keep what was done in administration for"),
        marked("Then its rows say what was done and when, and no name. 0 is for ever."),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    keep_faces: int = setting(
        0,
        marked("Privacy"),
        marked("Keep photos after somebody's last day for"),
        marked("Of people whose Valid until has passed. 0 is for ever; 14 is enough for most."),
        low=0,
        high=36500,
        unit=marked("days"),
        blank=marked("for ever"),
    )
    controller: str = setting(
        "",
        marked("Privacy"),
        marked("Who is responsible for the data"),
        marked("Name and address of the company: it stands on the notice for the door."),
        blank=marked("to be written in by hand"),
    )
    data_contact: str = setting(
        "",
        marked("Privacy"),
        marked("Who answers questions about data"),
        marked("A name, an address, a telephone number: it stands on the notice for the door."),
        blank=marked("to be written in by hand"),
    )
    notice_page: str = setting(
        "",
        marked("Privacy"),
        marked("Web page with all about the data"),
        marked("The code on the notice for the door leads there; else it holds the notice itself."),
        blank=marked("none"),
    )
    copies_folder: str = setting(
        "",
        marked("Privacy"),
        marked("Write copies of one's own data to"),
        marked(
            "A folder, such as that of a USB stick: whoever looks at their own data at the kiosk "
            "can take it along. Empty: they read it on the screen and are given the file by hand."
        ),
        blank=marked("nowhere"),
    )
    keep_crops: bool = setting(
        False,
        marked("Privacy"),
        marked("Keep a small picture of each enrolled face"),
        marked(
            "A wrong photo is then recognised at sight. It is personal data: tell people before. "
            "Switched off, all of them are deleted."
        ),
    )
    backups: bool = setting(
        True,
        marked("Backups"),
        marked("Make a backup each day"),
        marked(
            "At night, or once the kiosk is started. Each is restored to a temporary place and "
            "read through before it counts."
        ),
        cautions=((False, marked("If this disk fails, people, log and hours are lost.")),),
    )
    backup_folder: str = setting(
        "",
        marked("Backups"),
        marked("Folder for backups"),
        marked("Best on another disk: one on the same disk is lost with it. Such as /mnt/backups."),
        blank=marked("backups, in the data folder"),
        check=check_folder,
    )
    backups_daily: int = setting(
        7,
        marked("Backups"),
        marked("Keep one of each day for"),
        marked(
            "Whoever is deleted stays in the backups from before until these are replaced: the "
            "longer of the two times here."
        ),
        low=1,
        high=366,
        unit=marked("days"),
    )
    backups_weekly: int = setting(
        4,
        marked("Backups"),
        marked("Keep one of each week for"),
        "",
        low=0,
        high=104,
        unit=marked("weeks"),
        blank=marked("none"),
    )

    head_folder: str = setting(
        "",
        marked("Record"),
        marked("Write the record's newest entry to"),
        marked(
            "A folder on a USB stick or another machine, best one in which this kiosk can't "
            "delete. Once a day a line is added: whoever later cuts off the end of the record, or "
            "puts an older copy in its place, is found by it."
        ),
        blank=marked("nowhere"),
    )
    head_syslog: bool = setting(
        False,
        marked("Record"),
        marked("Tell the system's log the record's newest entry"),
        marked("Once a day. For sites that collect the logs of their machines elsewhere."),
    )

    @classmethod
    def about(cls) -> tuple[SettingInfo, ...]:
        """Every setting in the order of the form, in the language in force."""
        return about(dataclasses.fields(cls))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings from stored values; what is unknown or no longer valid falls to its default,
        so that a newer or damaged store never keeps the kiosk from starting."""
        values: dict[str, SettingValue] = {}
        for info in cls.about():
            if info.name in stored:
                try:
                    values[info.name] = info.parse(stored[info.name])
                except BadInput:
                    continue
        settings = cls(**values)  # type: ignore[arg-type]
        if settings.agree > settings.window:
            # Each is valid, but together nothing would ever be decided.
            settings = dataclasses.replace(settings, agree=cls().agree, window=cls().window)
        return settings

    def changed(self, **values: Any) -> Settings:
        """A copy with some values changed and checked.

        Raises:
            BadInput: a value is not allowed, or the frames can't agree as asked.
        """
        known = {info.name: info for info in self.about()}
        for name in values:
            if name not in known:
                raise BadInput(
                    _("There is no setting {name!r}; there are {known}.").format(
                        name=name, known=", ".join(known)
                    )
                )
        checked = {name: known[name].parse(value) for name, value in values.items()}
        new = dataclasses.replace(self, **checked)  # type: ignore[arg-type]
        if new.agree > new.window:
            raise BadInput(
                _(
                    "{agree} of {window} frames can't agree: look at {agree} frames or more, or "
                    "ask fewer to agree."
                ).format(agree=new.agree, window=new.window)
            )
        return new
