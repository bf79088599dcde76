// SPDX-License-Identifier: Apache-2.0
// What the crate governor decides about arrivals: reads rows of numbers, a limit each (interval in nanoseconds, burst,
// and by how many nanoseconds each arrival comes after the one before), and writes a row of 0 and 1 for each.
use governor::clock::FakeRelativeClock;
use governor::{Quota, RateLimiter};
use std::io::{self, BufRead, Write};
use std::num::NonZeroU32;
use std::time::Duration;

fn main() {
    let out = io::stdout();
    let mut out = io::BufWriter::new(out.lock());
    for line in io::stdin().lock().lines() {
        let line = line.expect("a row");
        let mut numbers = line.split(' ').map(|n| n.parse::<u64>().expect("a number"));
        let interval = Duration::from_nanos(numbers.next().expect("an interval"));
        let burst = NonZeroU32::new(numbers.next().expect("a burst") as u32).expect("a burst above 0");
        let quota = Quota::with_period(interval).expect("a period above 0").allow_burst(burst);
        let clock = FakeRelativeClock::default();
        let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
        let mut decisions = String::new();
        for after in numbers {
            clock.advance(Duration::from_nanos(after));
            decisions.push(if limiter.check().is_ok() { '1' } else { '0' });
        }
        writeln!(out, "{decisions}").expect("a row written");
    }
}
