"""Every text of the kiosk's page in one catalogue; another language is another value of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's texts, English by default. A sentence has at most 40 characters without its
    name; ``{name}``, ``{time}``, ``{date}`` and ``{seconds}`` are filled in where they stand."""

    look_here: str = "Look here to check in"
    tap: str = "Tap to check in"
    type_first: str = "Type your number"
    type_first_more: str = "or your name: ABC"

    come_closer: str = "Come closer"
    step_back: str = "Step back a little"
    this_way: str = "This way"
    look_straight: str = "Look straight ahead"
    more_light: str = "More light on your face"
    hold_still: str = "Hold still"
    one_person: str = "One person, please"
    look: str = "Look here"
    one_moment: str = "One moment"

    morning: str = "Good morning, {name}"
    afternoon: str = "Good afternoon, {name}"
    evening: str = "Good evening, {name}"
    goodbye: str = "Goodbye, {name}"
    in_at: str = "In at {time}"
    out_at: str = "Out at {time}"
    leaving: str = "I am leaving"
    arriving: str = "I am arriving"
    already_in: str = "You are already in, {name}"
    already_out: str = "You are already out, {name}"
    since: str = "since {time}"
    you_are_in: str = "You are in, {name}"
    you_are_out: str = "You are out, {name}"
    hello: str = "Hello, {name}"
    let_in_at: str = "Let in at {time}"

    not_recognised: str = "Not recognised"
    try_again_or_pin: str = "Try again, or use your PIN"
    try_again: str = "Please try again"
    check_pin: str = "Check your number and your PIN"
    type_number: str = "Please type your number"
    please_wait: str = "Please wait {seconds} s"
    ask_at_desk: str = "or ask at the desk"

    no_camera: str = "No camera"
    tries_again: str = "It tries again by itself."
    watch_demo: str = "Watch the demo"
    enrol_from_pictures: str = "Enrol from pictures"
    demo_note: str = "Demo: these people are drawn"
    nobody_enrolled: str = "Nobody is enrolled yet"
    open_panel: str = "Open the admin panel"
    fault: str = "Please ask at the desk"
    cannot_turn: str = "That could not be changed"

    use_pin: str = "Use a PIN"
    admin: str = "Admin panel"
    cancel: str = "Cancel"
    next_step: str = "Next"
    done: str = "OK"
    erase: str = "Erase"
    letters: str = "ABC"
    figures: str = "123"
    space: str = "Space"

    your_number: str = "Your number or name"
    how_letters: str = "Names in A to Z, all others by number"
    your_pin: str = "Your PIN"
    admin_pin: str = "Admin PIN"
    choose_admin_pin: str = "Choose an admin PIN"
    why_admin_pin: str = "4 to 12 digits. Without it nobody opens the panel: keep it safe."
    once_more: str = "The same PIN once more"
    pins_differ: str = "The two were not the same: choose again."
    leave_with_pin: str = "Only the admin PIN leaves the kiosk"

    camera_picture: str = "Camera picture"
    number_pad: str = "Number pad"
    typed: str = "{count} typed"


ENGLISH = Texts()
