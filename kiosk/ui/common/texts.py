"""Every text of the kiosk's page, looked up in the catalogue of the language in force."""

from __future__ import annotations

from dataclasses import dataclass, fields

from kiosk.domain.language import _, marked


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's texts, English by default. A sentence has at most 40 characters without its
    name; ``{name}``, ``{time}``, ``{date}`` and ``{seconds}`` are filled in where they stand."""

    look_here: str = marked("Look here to check in")
    tap: str = marked("Tap to check in")
    type_first: str = marked("Type your number")
    type_first_more: str = marked("or your name: ABC")

    come_closer: str = marked("Come closer")
    step_back: str = marked("Step back a little")
    this_way: str = marked("This way")
    look_straight: str = marked("Look straight ahead")
    more_light: str = marked("More light on your face")
    hold_still: str = marked("Hold still")
    one_person: str = marked("One person, please")
    look: str = marked("Look here")
    one_moment: str = marked("One moment")

    turn_left: str = marked("Turn your head to the left")
    turn_right: str = marked("Turn your head to the right")
    now_straight: str = marked("Now look straight ahead")
    nose_to_dot: str = marked("Point your nose at the dot")
    why_asked: str = marked("Just to be sure that it is you")
    once_more_left: str = marked("Not quite: once more, to the left")
    once_more_right: str = marked("Not quite: once more, to the right")
    once_more_straight: str = marked("Once more: look straight ahead")
    thank_you: str = marked("Thank you, almost done")
    look_into_camera: str = marked("Please look into the camera")
    colours_change: str = marked("The screen changes its colour for a moment")
    cannot_turn_head: str = marked("I can't turn my head")
    another_way: str = marked("Another way in")
    desk_lets_in: str = marked("Somebody there will let you in.")

    morning: str = marked("Good morning, {name}")
    afternoon: str = marked("Good afternoon, {name}")
    evening: str = marked("Good evening, {name}")
    goodbye: str = marked("Goodbye, {name}")
    in_at: str = marked("In at {time}")
    out_at: str = marked("Out at {time}")
    break_at: str = marked("Break since {time}")
    back_at: str = marked("Back at {time}")
    break_begins: str = marked("Enjoy your break, {name}")
    break_ends: str = marked("Welcome back, {name}")
    still_here: str = marked("Still here, {name}")
    still_on_break: str = marked("Still on a break, {name}")
    see_you: str = marked("See you, {name}")
    not_clocked_in: str = marked("You are not clocked in")
    here_a_moment_ago: str = marked("You were here a moment ago")
    already_in: str = marked("You are already in, {name}")
    already_out: str = marked("You are already out, {name}")
    since: str = marked("since {time}")
    you_are_in: str = marked("You are in, {name}")
    you_are_out: str = marked("You are out, {name}")
    you_are_on_break: str = marked("You are on a break, {name}")
    hello: str = marked("Hello, {name}")
    let_in_at: str = marked("Let in at {time}")

    ask_going: str = marked("Going home, {name}?")
    ask_going_already: str = marked("Going already, {name}?")
    ask_back: str = marked("Back from your break, {name}?")
    ask_back_already: str = marked("Back already, {name}?")
    ask_arrived: str = marked("Just arrived, {name}?")
    ask_again: str = marked("Here again, {name}?")
    came_at: str = marked("You came at {time}")
    went_at: str = marked("You went at {time}")
    choose: str = marked("Touch what fits")
    say_arrived: str = marked("Just arrived")
    say_going: str = marked("Going home")
    say_break: str = marked("Taking a break")
    say_back: str = marked("Back from break")
    say_still_here: str = marked("Still here")
    say_still_on_break: str = marked("Still on break")
    say_passing: str = marked("Only passing by")
    not_going: str = marked("Not going")
    is_break: str = marked("It's a break")
    when_left: str = marked("When did you leave?")
    when_left_yesterday: str = marked("When did you leave yesterday?")
    when_left_on: str = marked("When did you leave on {day}?")
    another_time: str = marked("Another time")
    how_time: str = marked("Four digits: 1730 for 17:30")
    thank_you_name: str = marked("Thank you, {name}")
    left_at: str = marked("You left at {time}")

    not_recognised: str = marked("Not recognised")
    uncover: str = marked("Please uncover your face")
    try_again_or_pin: str = marked("Try again, or use your PIN")
    try_again: str = marked("Please try again")
    check_pin: str = marked("Check your number and your PIN")
    type_number: str = marked("Please type your number")
    not_worked: str = marked("That didn't work")
    nothing_before_or_pin: str = marked("Try again with nothing before your face, or use your PIN")
    nothing_before: str = marked("Try again with nothing before your face, or ask at the desk")
    or_use_pin: str = marked("or use your PIN")
    use_your_pin: str = marked("Please use your PIN")
    please_wait: str = marked("Please wait {seconds} s")
    please_wait_minutes: str = marked("Please wait {minutes} min")
    ask_at_desk: str = marked("or ask at the desk")

    no_camera: str = marked("No camera")
    tries_again: str = marked("It tries again by itself.")
    watch_demo: str = marked("Watch the demo")
    enrol_from_pictures: str = marked("Enrol from pictures")
    demo_note: str = marked("Demo: these people are drawn")
    nobody_enrolled: str = marked("Nobody is enrolled yet")
    open_panel: str = marked("Open the admin panel")
    fault: str = marked("Please ask at the desk")
    cannot_turn: str = marked("That could not be changed")

    cannot_start: str = marked("The kiosk can't start")
    nobody_let_in: str = marked("Nobody is let in meanwhile.")
    next_try: str = marked("It tries again by itself in {seconds} s.")
    trying_now: str = marked("It is trying again now.")
    goes_on: str = marked("It goes on by itself.")
    try_again_now: str = marked("Try again now")
    slow_start: str = marked("The database takes unusually long to open.")
    slow_start_more: str = marked(
        "Wait a little: it may be brought up to a new version. If it stays so, check the disk, or "
        "the network and the database's server."
    )
    how_to_close: str = marked(
        "No PIN can be checked now, so the kiosk is closed where it was started: with Ctrl+C in "
        "its terminal, or by stopping its service."
    )

    my_hours: str = marked("My hours")
    my_data: str = marked("My data")
    use_pin: str = marked("Use a PIN")
    admin: str = marked("Admin panel")
    cancel: str = marked("Cancel")
    next_step: str = marked("Next")
    done: str = marked("OK")
    erase: str = marked("Erase")
    letters: str = marked("ABC")
    figures: str = marked("123")
    space: str = marked("Space")

    your_number: str = marked("Your number or name")
    how_letters: str = marked("Names in A to Z, all others by number")
    your_pin: str = marked("Your PIN")
    admin_pin: str = marked("Admin PIN")
    or_admin_pin: str = marked("or nothing, for the admin PIN")
    your_secret: str = marked("Your PIN or passphrase")
    forgot: str = marked("Forgot it?")
    recovery_code: str = marked("Your recovery code")
    how_code: str = marked("The 25 letters and figures of the print")
    choose_admin_pin: str = marked("Choose an admin PIN")
    why_admin_pin: str = marked("6 to 12 digits. Without it nobody opens the panel: keep it safe.")
    once_more: str = marked("The same PIN once more")
    pins_differ: str = marked("The two were not the same: choose again.")

    camera_picture: str = marked("Camera picture")
    number_pad: str = marked("Number pad")
    typed: str = marked("{count} typed")


ENGLISH = Texts()


def in_force() -> Texts:
    """The texts in the language in force; English where one is not translated."""
    return Texts(**{field.name: _(getattr(ENGLISH, field.name)) for field in fields(Texts)})
