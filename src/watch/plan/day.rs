//! Whole days on a fake clock: the plan against scripted servers and pages.

mod page;
mod server;

use super::*;
use page::{Page, What};
use server::Server;

const SECOND: f64 = 1_000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

#[test]
fn a_server_that_parks_is_asked_without_a_pause_for_an_hour_and_then_on_demand() {
    let mut page = Page::new(Server::parking());
    page.run(DAY);
    let first = page.asks_in(0.0, HOUR);
    assert!((140..=150).contains(&first), "one each 25 s: {first}");
    assert_eq!(page.asks_in(HOUR + MINUTE, DAY), 0);
    assert!(page.pace.rests);
    page.is_calm();
}

#[test]
fn a_server_that_does_not_park_is_asked_at_most_120_times_in_a_quarter_of_an_hour() {
    let mut page = Page::new(Server::default());
    page.run(DAY);
    assert!(page.asks_in(0.0, 10.0 * SECOND) >= 9);
    let first = page.asks_in(0.0, 15.0 * MINUTE);
    assert!((100..=120).contains(&first), "{first}");
    let slower = page.asks_in(15.0 * MINUTE, HOUR);
    assert!((25..=31).contains(&slower), "{slower}");
    assert_eq!(page.asks_in(HOUR + 3.0 * MINUTE, DAY), 0);
    page.is_calm();
}

#[test]
fn a_change_starts_the_ladder_anew() {
    let server = Server::default().changes(&[(20.0 * MINUTE, false)]);
    let mut page = Page::new(server);
    page.run(21.5 * MINUTE);
    assert!(page.seen_after(0) < 67.0 * SECOND);
    let at = page.seen[0];
    assert!(page.asks_in(at, at + 10.0 * SECOND) >= 8);
}

#[test]
fn final_at_minute_three_and_refunded_at_hour_five() {
    for server in [Server::parking(), Server::default()] {
        let parks = server.parks;
        let mut page = Page::new(server.changes(&[(3.0 * MINUTE, true), (5.0 * HOUR, true)]));
        page.run(DAY + 6.0 * HOUR);
        let soon = if parks { 0.1 } else { 7.0 };
        assert!(
            page.seen_after(0) < soon * SECOND,
            "parks: {parks}, {}",
            page.seen_after(0)
        );
        assert!(page.seen_after(1) < 17.0 * MINUTE, "{}", page.seen_after(1));
        // Between the two, one each 15 minutes.
        let slow = page.asks_in(2.0 * HOUR, 5.0 * HOUR);
        assert!((10..=13).contains(&slow), "{slow}");
        // A day after the refund it ends.
        assert_eq!(page.asks_in(DAY + 5.5 * HOUR, DAY + 6.0 * HOUR), 0);
        assert!(page.asks.len() < 450, "{}", page.asks.len());
        page.is_calm();
    }
}

#[test]
fn a_server_that_dies_for_an_hour_is_heard_again_by_itself() {
    for server in [Server::parking(), Server::default()] {
        let server = server
            .down(2.0 * MINUTE, 62.0 * MINUTE)
            .changes(&[(30.0 * MINUTE, false)]);
        let mut page = Page::new(server);
        page.run(3.0 * HOUR);
        let during = page.asks_in(2.0 * MINUTE, 62.0 * MINUTE);
        assert!((60..=200).contains(&during), "{during}");
        let late = page.seen[0] - 62.0 * MINUTE;
        assert!(late < 5.0 * MINUTE, "{late}");
        page.is_calm();
    }
}

#[test]
fn slow_down_is_obeyed_and_absurd_values_are_bounded() {
    for (told, least, most) in [
        (7.0 * SECOND, 7.0 * SECOND, 38.0 * SECOND),
        (1e12, 270.0 * SECOND, 301.0 * SECOND),
    ] {
        let mut page = Page::new(Server::parking().refuses(0.0, HOUR, Some(told)));
        // Neither a look nor a press gets round it.
        page.script(10.0 * MINUTE, What::Focus);
        page.script(11.0 * MINUTE, What::Press);
        page.run(HOUR);
        assert!(page.asks.len() >= 11, "{}", page.asks.len());
        for (ask, gap) in page.asks.iter().zip(page.gaps()) {
            // After a quarter of an hour of trouble no sooner than without the server's word: up to two minutes.
            let is_long = ask.at > 15.0 * MINUTE - 301.0 * SECOND;
            let most = if is_long {
                most.max(121.0 * SECOND)
            } else {
                most
            };
            assert!((least..=most).contains(&gap), "{gap}");
        }
    }
    // A word that promises too much is no reason to ask a broken server more often than a silent one.
    let mut page = Page::new(Server::parking().refuses(0.0, 2.0 * DAY, Some(SECOND)));
    page.run(1.5 * DAY);
    assert!(page.asks_in(0.0, HOUR) < 200, "{}", page.asks.len());
    assert!(page.asks_in(HOUR, DAY) < 1200, "{}", page.asks.len());
    assert_eq!(page.asks_in(1.1 * DAY, 1.5 * DAY), 0, "on demand");
    let mut page = Page::new(Server::parking().refuses(0.0, HOUR, Some(0.0)));
    page.run(HOUR);
    assert!(page.asks.len() < 200, "{}", page.asks.len());
    page.is_calm();
}

#[test]
fn a_pace_that_the_server_names_is_kept() {
    let server = Server {
        retry_after_ms: Some(20.0 * SECOND),
        ..Server::default()
    };
    let mut page = Page::new(server);
    page.run(10.0 * MINUTE);
    assert!(page.gaps().iter().all(|gap| *gap >= 20.0 * SECOND));
    assert!(page.asks.len() >= 29, "{}", page.asks.len());
}

#[test]
fn a_phone_hidden_at_night_asks_nothing_and_at_once_in_the_morning() {
    for server in [Server::parking(), Server::default()] {
        let (dusk, dawn) = (20.0 * MINUTE, 8.0 * HOUR);
        let mut page = Page::new(server.changes(&[(4.0 * HOUR, true)]));
        page.script(dusk, What::Hide);
        page.script(dawn, What::Show);
        page.run(9.0 * HOUR);
        assert_eq!(page.asks_in(dusk, dawn), 0);
        assert!(page.seen[0] - dawn < 0.5 * SECOND);
        assert_eq!(
            page.asks[page.asks_in(0.0, dusk)].park_s,
            None,
            "no first question is parked"
        );
        page.is_calm();
    }
}

#[test]
fn a_clock_that_jumps_makes_one_check_and_no_burst() {
    for server in [Server::parking(), Server::default()] {
        let mut page = Page::new(server);
        // Ten hours in which nothing ran, as if the device had slept.
        page.script(5.0 * MINUTE, What::Jump(10.0 * HOUR));
        page.run(12.0 * HOUR);
        let checks = page.asks_in(10.0 * HOUR, 12.0 * HOUR);
        assert!((1..=2).contains(&checks), "{checks}");
        page.is_calm();
    }
}

#[test]
fn a_press_does_not_wait_for_a_question_that_is_held() {
    let mut page = Page::new(Server::parking());
    let (quick, later) = (10.0 * MINUTE, 10.0 * MINUTE + 12.0 * SECOND);
    page.script(quick, What::Press);
    page.script(later, What::Press);
    page.run(20.0 * MINUTE);
    for press in [quick, later] {
        let asked = page.asks_in(press, press + 1.5 * SECOND);
        assert!((1..=2).contains(&asked), "{asked}");
    }
    page.is_calm();
}

#[test]
fn several_signs_of_attention_at_once_are_one_check() {
    let (away, back) = (2.0 * HOUR, 3.0 * HOUR);
    let mut page = Page::new(Server::parking());
    page.script(away, What::Hide);
    page.script(away, What::Offline);
    for (after, what) in [
        (0.0, What::Online),
        (1.0, What::Show),
        (2.0, What::Focus),
        (40.0, What::Focus),
        (300.0, What::Focus),
    ] {
        page.script(back + after, what);
    }
    page.run(4.0 * HOUR);
    let checks = page.asks_in(away, 4.0 * HOUR);
    assert_eq!(checks, 1);
    assert!(page.last_ask() - back < 0.5 * SECOND);
}

#[test]
fn a_storm_of_attention_is_rationed() {
    let storm = |what: &[What]| {
        let mut page = Page::new(Server::default());
        for n in 0..600 {
            page.script(
                2.0 * HOUR + f64::from(n) * 100.0,
                what[n as usize % what.len()],
            );
        }
        page.run(3.0 * HOUR);
        page.asks_in(2.0 * HOUR, 2.0 * HOUR + MINUTE)
    };
    // A minute, ten signs a second.
    let focus = storm(&[What::Focus]);
    assert!((10..=16).contains(&focus), "{focus}");
    let flips = storm(&[What::Hide, What::Show]);
    assert!((3..=16).contains(&flips), "{flips}");
    let drops = storm(&[What::Offline, What::Online]);
    assert!((3..=16).contains(&drops), "{drops}");
    // Only a person who hammers the button gets one a second.
    let presses = storm(&[What::Press]);
    assert!((50..=61).contains(&presses), "{presses}");
}

#[test]
fn a_resting_screen_checks_when_somebody_looks_or_presses() {
    for what in [What::Focus, What::Press] {
        let mut page = Page::new(Server::parking().changes(&[(3.0 * HOUR, false)]));
        page.script(2.0 * HOUR, what);
        page.script(4.0 * HOUR, what);
        page.run(2.5 * HOUR);
        assert_eq!(page.asks_in(1.5 * HOUR, 2.5 * HOUR), 1);
        assert_eq!(page.last_ask(), 2.0 * HOUR);
        // It is current for a while, and rests again.
        assert_eq!((page.pace.live_s, page.pace.rests), (STALE_AFTER_S, true));
        page.run(4.1 * HOUR);
        assert!(page.seen_after(0) < HOUR + SECOND);
        assert!(!page.pace.rests, "a change is watched again");
    }
}

#[test]
fn a_deadline_makes_one_check_even_at_rest() {
    for parks in [true, false] {
        let server = Server {
            parks,
            deadline_ms: Some(3.0 * HOUR),
            ..Server::default()
        };
        let mut page = Page::new(server);
        page.run(DAY);
        assert_eq!(page.asks_in(1.5 * HOUR, DAY), 1);
        let late = page.last_ask() - 3.0 * HOUR;
        assert!((0.0..3.0 * SECOND).contains(&late), "{late}");
    }
}

#[test]
fn no_request_is_parked_beyond_a_deadline() {
    let server = Server {
        deadline_ms: Some(60.0 * SECOND),
        ..Server::parking()
    };
    let mut page = Page::new(server);
    page.run(2.0 * MINUTE);
    let next = page.asks.iter().find(|ask| ask.at > 60.0 * SECOND);
    let late = next.map_or(f64::NAN, |ask| ask.at - 60.0 * SECOND);
    assert!(late < 4.0 * SECOND, "{late}");
    page.is_calm();
}

#[test]
fn a_server_that_only_says_it_parks_or_always_has_news_is_not_hammered() {
    let liar = Server {
        lies: true,
        ..Server::parking()
    };
    let mut page = Page::new(liar);
    page.run(15.0 * MINUTE);
    assert!(page.asks.len() <= 120, "{}", page.asks.len());
    page.is_calm();

    let news: Vec<_> = (1..6_000).map(|n| (f64::from(n) * 10.0, false)).collect();
    let mut page = Page::new(Server::parking().changes(&news));
    page.run(MINUTE);
    assert!(page.asks.len() <= 670, "{}", page.asks.len());
}

#[test]
fn thirty_quick_changes_are_seen_without_a_pause() {
    let news: Vec<_> = (1..31).map(|n| (f64::from(n) * 80.0, false)).collect();
    let mut page = Page::new(Server::parking().changes(&news));
    page.run(MINUTE);
    for change in 0..30 {
        assert!(page.seen_after(change) <= 100.0, "{change}");
    }
}

#[test]
fn offline_it_tries_seldom_and_at_once_when_back() {
    let mut page = Page::new(Server::parking().changes(&[(20.0 * MINUTE, false)]));
    page.script(10.0 * MINUTE, What::Offline);
    page.script(30.0 * MINUTE, What::Online);
    page.run(31.0 * MINUTE);
    let tries = page.asks_in(10.0 * MINUTE, 30.0 * MINUTE);
    assert!((10..=80).contains(&tries), "{tries}");
    let offline = page.asks.iter().map(|ask| ask.at);
    let offline: Vec<_> = offline
        .filter(|at| (600_000.0..1_800_000.0).contains(at))
        .collect();
    assert!(
        offline
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= OFFLINE_RETRY_MS)
    );
    assert!(page.seen[0] - 30.0 * MINUTE < 0.5 * SECOND);
}

#[test]
fn a_tab_that_listens_asks_only_when_it_hears_nothing() {
    let mut page = Page::new(Server::parking());
    page.script(0.02 * SECOND, What::Follow);
    for n in 1..20 {
        page.script(f64::from(n) * 25.0 * SECOND, What::Overhear);
    }
    page.run(8.0 * MINUTE);
    assert_eq!(page.asks.len(), 1, "its first question");
    // The other one fell silent.
    page.run(9.0 * MINUTE);
    assert_eq!(page.asks.len(), 2);
    assert_eq!(page.asks[1].park_s, Some(PARK_S));
    page.script(9.5 * MINUTE, What::Lead);
    page.run(12.0 * MINUTE);
    page.is_calm();
    assert!(page.asks.len() >= 6);
}

#[test]
fn a_wrong_set_up_stops() {
    let mut plan = Plan::new(0.0);
    let now = Now {
        ms: 0.0,
        hidden: false,
        online: true,
        crowded: false,
        follows: false,
    };
    plan.failed(&now, Failure::UnsupportedBrowser, None, 0.5);
    assert_eq!(plan.next(&now), Step::Stop);
}
