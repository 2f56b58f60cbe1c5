// SPDX-License-Identifier: MIT OR Apache-2.0
//! All orders in which a few threads can take locks, one after another: the state machines of the handle table and of shared
//! arrays are run through every one of them, as they are and not as a model.
//!
//! Threads under control run one at a time. Before each lock they hand over to [`explore`], which decides who goes on, until
//! every decision has been made in every way. A thread that finds a lock taken, or waits to be woken, cannot go on before
//! another one has done something; when nobody can, a wake-up was lost. Switches away from a thread that could go on are
//! counted and limited, which is what keeps the number of orders finite; two threads get all that they can have.

use std::cell::RefCell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// What a thread under control can do next.
#[derive(Clone, Copy, PartialEq)]
enum Status {
    Ready,
    /// It found a lock taken, when that many steps had been made.
    Stalled(usize),
    /// It waits to be woken.
    Waiting,
    Done,
}

struct State {
    turn: Option<usize>,
    statuses: Vec<Status>,
    steps: usize,
}

struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

thread_local! {
    static MINE: RefCell<Option<(Arc<Control>, usize)>> = const { RefCell::new(None) };
}

/// Whether this thread is under control.
pub fn is_controlled() -> bool {
    MINE.with_borrow(Option::is_some)
}

/// Takes a lock that may be taken: `attempt` tries it.
pub fn acquire<G>(attempt: impl Fn() -> Option<G>) -> G {
    hand_over(|_| Status::Ready);
    loop {
        match attempt() {
            Some(guard) => return guard,
            None => hand_over(Status::Stalled),
        }
    }
}

/// Waits until another thread calls [`wake`].
pub fn wait() {
    hand_over(|_| Status::Waiting);
}

/// Wakes the threads that wait.
pub fn wake() {
    let Some((control, _)) = MINE.with_borrow(Clone::clone) else { return };
    for status in &mut control.state.lock().unwrap().statuses {
        if *status == Status::Waiting {
            *status = Status::Ready;
        }
    }
}

fn hand_over(status: impl Fn(usize) -> Status) {
    let Some((control, me)) = MINE.with_borrow(Clone::clone) else { return };
    let mut state = control.state.lock().unwrap();
    state.statuses[me] = status(state.steps);
    state.turn = None;
    control.changed.notify_all();
    drop(until_my_turn(&control, state, me));
}

fn until_my_turn<'c>(
    control: &'c Control,
    mut state: MutexGuard<'c, State>,
    me: usize,
) -> MutexGuard<'c, State> {
    while state.turn != Some(me) {
        state = control.changed.wait(state).unwrap();
    }
    state
}

/// Ends the turn of a thread for good, whatever happened in it.
struct Finish;

impl Drop for Finish {
    fn drop(&mut self) {
        let Some((control, me)) = MINE.take() else { return };
        let mut state = control.state.lock().unwrap();
        state.statuses[me] = Status::Done;
        state.turn = None;
        control.changed.notify_all();
    }
}

/// What a thread does.
pub type Script<'s> = Box<dyn FnOnce() + Send + 's>;

/// Runs the threads of `begin` in every order, with at most `switches` switches away from a thread that could go on; after
/// each, `end` looks at what is left. Returns the number of orders.
pub fn explore<'s>(switches: usize, begin: impl Fn() -> Vec<Script<'s>>, end: impl Fn()) -> usize {
    // Decisions: which of how many.
    let mut path: Vec<(usize, usize)> = Vec::new();
    let mut orders = 0;
    loop {
        run(switches, begin(), &mut path);
        end();
        orders += 1;
        while path.last().is_some_and(|(chosen, count)| chosen + 1 == *count) {
            path.pop();
        }
        match path.last_mut() {
            Some((chosen, _)) => *chosen += 1,
            None => return orders,
        }
    }
}

fn run(switches: usize, scripts: Vec<Script<'_>>, path: &mut Vec<(usize, usize)>) {
    let count = scripts.len();
    let state = State { turn: None, statuses: vec![Status::Ready; count], steps: 0 };
    let control = Arc::new(Control { state: Mutex::new(state), changed: Condvar::new() });
    std::thread::scope(|scope| {
        for (me, script) in scripts.into_iter().enumerate() {
            let control = control.clone();
            scope.spawn(move || {
                drop(until_my_turn(&control, control.state.lock().unwrap(), me));
                MINE.set(Some((control, me)));
                let _finish = Finish;
                script();
            });
        }
        let (mut last, mut switched, mut decisions, mut patience) = (None, 0, 0, 100_000);
        let mut state = control.state.lock().unwrap();
        loop {
            while state.turn.is_some() {
                state = control.changed.wait(state).unwrap();
            }
            if state.statuses.iter().all(|status| *status == Status::Done) {
                return;
            }
            let can = |number: &usize| match state.statuses[*number] {
                Status::Ready => true,
                Status::Stalled(since) => state.steps > since,
                Status::Waiting | Status::Done => false,
            };
            let mut able: Vec<usize> = (0..count).filter(can).collect();
            if able.is_empty() {
                let stalled = |status: &Status| matches!(status, Status::Stalled(_));
                assert!(state.statuses.iter().any(stalled), "a wake-up was lost");
                // Another test of this process may have the lock.
                patience -= 1;
                assert!(patience > 0, "threads wait for each other");
                state.steps += 1;
                drop(state);
                std::thread::sleep(Duration::from_micros(20));
                state = control.state.lock().unwrap();
                continue;
            }
            // Going on comes first, and is all there is when the switches are used up.
            if let Some(place) = last.and_then(|last| able.iter().position(|number| *number == last)) {
                able.swap(0, place);
                if switched == switches {
                    able.truncate(1);
                }
            }
            let chosen = match path.get(decisions) {
                Some((chosen, _)) => (*chosen).min(able.len() - 1),
                None => {
                    path.push((0, able.len()));
                    0
                }
            };
            decisions += 1;
            let next = able[chosen];
            switched += usize::from(last.is_some_and(|last| last != next && able[0] == last));
            last = Some(next);
            state.steps += 1;
            state.turn = Some(next);
            control.changed.notify_all();
        }
    });
}

#[test]
fn every_order_is_run_once() {
    let log = Mutex::new(Vec::new());
    let all = Mutex::new(std::collections::BTreeSet::new());
    let place = Mutex::new(());
    let script = |name: char| {
        let (log, place) = (&log, &place);
        Box::new(move || {
            for _ in 0..3 {
                drop(acquire(|| place.try_lock().ok()));
                log.lock().unwrap().push(name);
            }
        }) as Script<'_>
    };
    let orders = explore(
        usize::MAX,
        || vec![script('a'), script('b')],
        || {
            all.lock().unwrap().insert(std::mem::take(&mut *log.lock().unwrap()));
        },
    );
    // Words of three a and three b: 6! / (3! 3!). Who begins is decided, too, before the first lock of each.
    assert_eq!(all.lock().unwrap().len(), 20);
    assert!(orders >= 20, "{orders}");
}
