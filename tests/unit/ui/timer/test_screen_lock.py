"""The screen stays on while a routine runs, even if the browser has no wake lock."""

from tests.support.timer_code import TimerCode

ON = "navigator.screenOn()"


def begin(timer: TimerCode) -> None:
    timer.open()
    timer.do("tap(() => engine.begin())")


def test_over_plain_http_a_video_of_our_own_keeps_the_screen_on(timer: TimerCode) -> None:
    begin(timer)
    for _ in range(12):
        timer.run(5)
        assert timer.js(ON)
    assert timer.js("[videos.length, engine.screen.mayGoDark]") == [1, False]
    timer.do("tap(() => engine.pause())")
    assert timer.js(f"[{ON}, videos[0].shown]") == [False, False]
    timer.do("tap(() => engine.resume())")
    assert timer.js(ON)
    timer.run(130)
    assert timer.js(f"[engine.phase, {ON}]") == ["done", False]
    assert timer.js("videos.every((video) => video.paused && !video.shown)")


def test_with_a_wake_lock_no_video_plays(timer: TimerCode) -> None:
    timer.do("giveWakeLock('works')")
    begin(timer)
    assert timer.js(f"[{ON}, videos.length]") == [True, 0]
    timer.do("engine.stop()")
    assert not timer.js(ON)


def test_a_lock_that_is_refused_gives_way_to_the_video(timer: TimerCode) -> None:
    timer.do(
        "giveWakeLock('refuses'); Video.prototype.play = async function () { this.paused = false; }"
    )
    begin(timer)
    assert timer.js(f"[{ON}, engine.screen.mayGoDark]") == [True, False]


def test_after_the_tab_was_hidden_the_screen_is_kept_on_again(timer: TimerCode) -> None:
    begin(timer)
    timer.do("document.show(false); videos[0].pause()")
    assert not timer.js(ON)
    timer.do("document.show(true)")
    assert timer.js(ON)
    timer.do("giveWakeLock('works'); engine.stop()")


def test_the_page_says_that_the_screen_may_go_dark_only_if_lock_and_video_fail(
    timer: TimerCode,
) -> None:
    timer.do("device.video = 'refuses'")
    timer.open()
    timer.do("var drawn = 0; engine.listeners.add(() => { drawn += 1; })")
    assert timer.js("engine.screen.mayGoDark") is False
    timer.do("tap(() => engine.begin())")
    assert timer.js("engine.screen.mayGoDark") is True
    before = timer.js("drawn")
    timer.do("device.video = 'works'; tap(() => engine.pause())")
    timer.do("tap(() => engine.resume())")
    assert timer.js("engine.screen.mayGoDark") is False
    assert timer.js("drawn") > before


def test_a_lock_that_the_system_takes_away_is_taken_again(timer: TimerCode) -> None:
    timer.do("giveWakeLock('works')")
    begin(timer)
    timer.run(5)
    timer.do("screenLocks[0].release()")
    timer.run(1)
    assert timer.js("[navigator.screenOn(), screenLocks.length]") == [True, 2]


def test_a_lock_that_is_taken_away_at_once_is_not_requested_forever(timer: TimerCode) -> None:
    timer.do("giveWakeLock('works')")
    begin(timer)
    timer.run(5)
    timer.do(
        "const ask = navigator.wakeLock.request; navigator.wakeLock.request = async () => {"
        " const lock = await ask(); setTimeout(() => lock.release(), 100); return lock; };"
        "screenLocks[0].release()"
    )
    timer.run(4)
    assert timer.js("screenLocks.length") == 2
    assert timer.js("engine.screen.mayGoDark") is True


def test_a_video_that_a_call_stops_plays_on(timer: TimerCode) -> None:
    begin(timer)
    timer.run(5)
    timer.do("videos[0].pause()")
    timer.run(1)
    assert timer.js("[navigator.screenOn(), videos.length]") == [True, 1]
    timer.do("engine.pause()")
    timer.run(3)
    assert timer.js("navigator.screenOn()") is False, "our own pause is none of theirs"
