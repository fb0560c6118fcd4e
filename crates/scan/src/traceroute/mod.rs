//! The routers on the route to each host: which hop to probe next, and what the answers mean.
//!
//! A probe that runs out of hops is reported by the router where it does (RFC 792, RFC 4443 section 3.3). All hosts
//! are traced at once, and shared routers are probed once:
//! - One host of each route is probed at every hop at the same time.
//! - The others are probed from their end backwards, until a router is met that is known at that distance (Doubletree;
//!   Donnet et al., SIGMETRICS 2005).
//! - If a host of the same network (/24, /64) is already traced, a host is only probed once, to see whether it is as
//!   far away. If so, its hops are taken to be the same, and marked as shared.
//!
//! Routers limit these errors (Linux: six at once, then one per second for each peer). A hop that fell silent after it
//! had answered for others is probed again no faster than that. This file must not know packets.

mod advance;
mod paths;

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use crate::plan::DiscoveryProbe;
use crate::time::Instant;
use vigie_scope::target::value;

/// Maximum distance, in hops.
pub(crate) const MAX_HOPS: u8 = 30;
/// How far beyond the estimated distance a host is searched before it counts as silent.
const MAX_BEYOND_ESTIMATE: u8 = 4;
/// Maximum number of tries for a hop.
const MAX_TRIES: u8 = 3;
/// Maximum number of probes for one host. The tries at each hop start again once, if its router limits its errors.
pub(crate) const MAX_PROBES_PER_HOST: u64 = 2 * MAX_TRIES as u64 * MAX_HOPS as u64;
/// Wait for an answer before any was timed, and the minimum wait afterwards.
const FIRST_WAIT: Duration = Duration::from_millis(600);
const MIN_WAIT: Duration = Duration::from_millis(150);
/// Time between two probes: routers are slow to send errors.
const MIN_GAP: Duration = Duration::from_micros(500);
/// Number of consecutive probes lost at a hop that had answered, from which on its router counts as limiting errors.
const LOSSES_FOR_LIMIT: u32 = 2;
/// Time between two probes of a hop whose router limits its errors: a little more than the second in which Linux gains
/// a token.
const TOKEN_INTERVAL: Duration = Duration::from_millis(1_030);
/// Maximum wait for a hop whose router limits its errors.
const MAX_LIMITED_WAIT: Duration = Duration::from_mins(1);

/// A host to trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// Number of the host in the table.
    pub(crate) host: u64,
    /// Address.
    pub(crate) ip: IpAddr,
    /// Route, by index.
    pub(crate) route: u32,
    /// Probe that the host answers.
    pub(crate) probe: DiscoveryProbe,
    /// Time to live of an answer of the host, which suggests its distance.
    pub(crate) ttl: Option<u8>,
}

/// One hop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Distance, from 1.
    pub ttl: u8,
    /// Router or host that answered; `None` if none did.
    pub ip: Option<IpAddr>,
    /// Time from the probe to the answer, if it was measured.
    pub rtt: Option<Duration>,
    /// The host for which the hop was probed, if that is another host behind the same routers.
    pub shared: Option<IpAddr>,
}

/// All traces.
#[derive(Clone, Debug)]
pub(crate) struct Traceroute {
    traces: Vec<Trace>,
    by_address: BTreeMap<IpAddr, usize>,
    due: VecDeque<(usize, u8)>,
    /// Probes put off because their router has no token to spare. When due they are sent without another check.
    deferred: BTreeSet<(Instant, usize, u8)>,
    /// How the routers at each distance of a route answer.
    hop_replies: BTreeMap<(u32, u8), HopReplies>,
    waiting: BTreeSet<(Instant, usize, u8)>,
    /// Routers known at a distance of a route, and the trace that found them.
    known: BTreeMap<(u32, u8, IpAddr), usize>,
    /// The traced host of each network, and the hosts that wait for it.
    leaders: BTreeMap<Network, Leader>,
    gap: Duration,
    next_send: Instant,
    srtt: Option<Duration>,
    open: usize,
}

/// A route, and the first bits of an address.
type Network = (u32, bool, u128);

/// How the routers at one distance answer.
#[derive(Clone, Copy, Debug, Default)]
struct HopReplies {
    has_answered: bool,
    /// Probes lost since the last answer.
    lost: u32,
    limited: bool,
    /// When the next probe may be sent, if the routers limit their errors.
    next: Instant,
}

#[derive(Clone, Debug)]
struct Leader {
    trace: usize,
    followers: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Trace {
    goal: Goal,
    estimate: u8,
    probes: BTreeMap<u8, HopProbe>,
    hops: BTreeMap<u8, (IpAddr, Duration)>,
    /// Smallest distance at which the host itself, or a device in front of it, gave a final answer.
    end: Option<u8>,
    /// The trace that has the hops of this one, up to this distance.
    shares: Option<(usize, u8)>,
    follows: Option<usize>,
    done: bool,
}

#[derive(Clone, Copy, Debug)]
struct HopProbe {
    tries: u8,
    sent: Instant,
    settled: bool,
    /// Whether the tries started again, because the router limits its errors.
    tries_reset: bool,
}

impl Traceroute {
    /// Traces `goals` with at most `rate` probes per second.
    pub(crate) fn new(goals: Vec<Goal>, rate: Option<f64>, now: Instant) -> Traceroute {
        let slowest = rate.map_or(MIN_GAP, |r| Duration::from_secs_f64(1.0 / r.max(0.001)));
        let mut all = Traceroute {
            traces: Vec::with_capacity(goals.len()),
            by_address: BTreeMap::new(),
            due: VecDeque::new(),
            deferred: BTreeSet::new(),
            hop_replies: BTreeMap::new(),
            waiting: BTreeSet::new(),
            known: BTreeMap::new(),
            leaders: BTreeMap::new(),
            gap: MIN_GAP.max(slowest),
            next_send: now,
            srtt: None,
            open: goals.len(),
        };
        let mut routes: BTreeSet<u32> = BTreeSet::new();
        for goal in goals {
            let i = all.traces.len();
            all.by_address.insert(goal.ip, i);
            let trace = Trace::new(goal);
            let (estimate, network) = (trace.estimate, network(&goal));
            all.traces.push(trace);
            if let Some(leader) = all.leaders.get_mut(&network) {
                leader.followers.push(i);
                all.traces[i].follows = Some(leader.trace);
                continue;
            }
            let followers = Vec::new();
            all.leaders.insert(
                network,
                Leader {
                    trace: i,
                    followers,
                },
            );
            if routes.insert(goal.route) {
                (1..=estimate).for_each(|ttl| all.enqueue(i, ttl));
            } else {
                all.enqueue(i, estimate);
            }
        }
        all
    }

    /// Returns the goal of a trace.
    pub(crate) fn goal(&self, trace: usize) -> &Goal {
        &self.traces[trace].goal
    }

    /// Returns the trace of the host with this address.
    pub(crate) fn of(&self, ip: IpAddr) -> Option<usize> {
        self.by_address.get(&ip).copied()
    }

    /// Returns the next probe that is due, as trace and distance.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(usize, u8)> {
        self.expire(now);
        if now < self.next_send {
            return None;
        }
        if let Some(&(at, i, ttl)) = self.deferred.first()
            && at <= now
        {
            self.deferred.pop_first();
            if self.is_wanted(i, ttl) {
                return Some(self.send(now, i, ttl));
            }
        }
        while let Some((i, ttl)) = self.due.pop_front() {
            if self.is_wanted(i, ttl) && !self.defer(now, i, ttl) {
                return Some(self.send(now, i, ttl));
            }
        }
        None
    }

    fn send(&mut self, now: Instant, i: usize, ttl: u8) -> (usize, u8) {
        let wait = self.wait();
        if let Some(probe) = self.traces[i].probes.get_mut(&ttl) {
            probe.tries += 1;
            probe.sent = now;
        }
        self.waiting.insert((now + wait, i, ttl));
        self.next_send = now + self.gap;
        (i, ttl)
    }

    fn is_wanted(&self, i: usize, ttl: u8) -> bool {
        let trace = &self.traces[i];
        !trace.done && trace.probes.get(&ttl).is_some_and(|a| !a.settled)
    }

    /// Puts the probe off, or gives it up, if its router has no token to spare. Returns whether it did.
    fn defer(&mut self, now: Instant, i: usize, ttl: u8) -> bool {
        let key = (self.traces[i].goal.route, ttl);
        let Some(replies) = self.hop_replies.get_mut(&key).filter(|s| s.limited) else {
            return false;
        };
        let at = replies.next.max(now);
        if at.since(now) > MAX_LIMITED_WAIT {
            if let Some(probe) = self.traces[i].probes.get_mut(&ttl) {
                probe.settled = true;
            }
            self.advance(i, ttl);
            return true;
        }
        replies.next = at + TOKEN_INTERVAL;
        self.deferred.insert((at, i, ttl));
        true
    }

    /// When [`Traceroute::next`] must be called again.
    pub(crate) fn wake(&self, now: Instant) -> Instant {
        let late = self.waiting.first().map_or(Instant::FAR, |w| w.0);
        let deferred = self.deferred.first().map_or(Instant::FAR, |h| h.0);
        let ready = if self.due.is_empty() { deferred } else { now };
        late.min(ready.max(self.next_send))
    }

    /// Whether all traces are complete.
    pub(crate) fn is_done(&self) -> bool {
        self.open == 0
    }

    /// Records that `from` answered the probe of trace `i` at distance `ttl`; `end` if nothing lies behind it.
    pub(crate) fn answered(&mut self, now: Instant, i: usize, ttl: u8, from: IpAddr, end: bool) {
        let trace = &mut self.traces[i];
        let Some(probe) = trace.probes.get_mut(&ttl).filter(|a| !a.settled) else {
            return;
        };
        probe.settled = true;
        let rtt = now.since(probe.sent);
        if probe.tries == 1 {
            let mean = self.srtt.map_or(rtt, |s| (s * 7 + rtt) / 8);
            self.srtt = Some(mean);
        }
        if end && trace.end.is_none_or(|e| ttl < e) {
            trace.end = Some(ttl);
        }
        trace.hops.insert(ttl, (from, rtt));
        if !end {
            let replies = self.hop_replies.entry((trace.goal.route, ttl)).or_default();
            (replies.has_answered, replies.lost) = (true, 0);
        }
        self.advance(i, ttl);
    }

    fn wait(&self) -> Duration {
        self.srtt.map_or(FIRST_WAIT, |s| (s * 4).max(MIN_WAIT))
    }

    fn enqueue(&mut self, i: usize, ttl: u8) {
        if (1..=MAX_HOPS).contains(&ttl) && !self.traces[i].probes.contains_key(&ttl) {
            let probe = HopProbe {
                tries: 0,
                sent: Instant::FAR,
                settled: false,
                tries_reset: false,
            };
            self.traces[i].probes.insert(ttl, probe);
            self.due.push_back((i, ttl));
        }
    }

    /// Sends again what was not answered in time, or takes it as silent.
    fn expire(&mut self, now: Instant) {
        while let Some(&(at, i, ttl)) = self.waiting.first()
            && at <= now
        {
            self.waiting.pop_first();
            let trace = &mut self.traces[i];
            let Some(probe) = trace.probes.get_mut(&ttl).filter(|a| !a.settled) else {
                continue;
            };
            let replies = self.hop_replies.entry((trace.goal.route, ttl)).or_default();
            replies.lost += 1;
            if replies.has_answered && replies.lost >= LOSSES_FOR_LIMIT {
                replies.limited = true;
            }
            if replies.limited && !core::mem::replace(&mut probe.tries_reset, true) {
                probe.tries = 0;
            }
            if probe.tries < MAX_TRIES && !trace.done {
                self.due.push_back((i, ttl));
                continue;
            }
            probe.settled = true;
            self.advance(i, ttl);
        }
    }
}

impl Trace {
    fn new(goal: Goal) -> Trace {
        Trace {
            goal,
            estimate: goal.ttl.map_or(8, distance),
            probes: BTreeMap::new(),
            hops: BTreeMap::new(),
            end: None,
            shares: None,
            follows: None,
            done: false,
        }
    }
}

/// Number of hops that an answer has travelled, if it began with the smallest usual value that fits.
fn distance(ttl: u8) -> u8 {
    let began = [32u8, 64, 128, 255].into_iter().find(|b| *b >= ttl);
    (began.unwrap_or(255) - ttl + 1).min(MAX_HOPS)
}

/// Hosts of one network usually share one route.
fn network(goal: &Goal) -> Network {
    let v4 = goal.ip.is_ipv4();
    (goal.route, v4, value(goal.ip) >> if v4 { 8 } else { 64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Kind;
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use alloc::{format, vec};

    /// A tree of routers: the third octet of the address chooses the branch after hop 3. Hosts are 6 hops away.
    fn router(ip: IpAddr, ttl: u8) -> Option<IpAddr> {
        let IpAddr::V4(v4) = ip else { return None };
        let [_, _, branch, _] = v4.octets();
        let name: String = match ttl {
            1..=3 => format!("192.0.2.{ttl}"),
            4..=5 => format!("198.51.{branch}.{ttl}"),
            _ => return None,
        };
        name.parse().ok()
    }

    /// Number of probes that each router answered, by distance and address.
    type ProbeCounts = BTreeMap<(u8, IpAddr), u32>;

    fn run(goals: Vec<Goal>, silent: &[u8]) -> (Vec<Vec<Hop>>, ProbeCounts) {
        let mut now = Instant::from_millis(1);
        let mut all = Traceroute::new(goals, None, now);
        let mut counts = BTreeMap::new();
        let mut flying: BTreeSet<(Instant, usize, u8)> = BTreeSet::new();
        for _ in 0..100_000 {
            while let Some((i, ttl)) = all.next(now) {
                let ip = all.goal(i).ip;
                let who = router(ip, ttl).unwrap_or(ip);
                *counts.entry((ttl, who)).or_insert(0) += 1;
                if !silent.contains(&ttl) {
                    flying.insert((now + Duration::from_millis(10), i, ttl));
                }
            }
            if all.is_done() {
                break;
            }
            let arrival = flying.first().map_or(Instant::FAR, |f| f.0);
            now = all
                .wake(now)
                .min(arrival)
                .max(now + Duration::from_micros(1));
            while flying.first().is_some_and(|f| f.0 <= now) {
                if let Some((_, i, ttl)) = flying.pop_first() {
                    let ip = all.goal(i).ip;
                    let who = router(ip, ttl);
                    all.answered(now, i, ttl, who.unwrap_or(ip), who.is_none());
                }
            }
        }
        assert!(all.is_done(), "it ends");
        (all.paths().map(|(_, hops)| hops).collect(), counts)
    }

    fn goals(ttl: Option<u8>) -> Vec<Goal> {
        let address = |i: u64| format!("203.0.{}.{}", i / 25, i % 25 + 1).parse().unwrap();
        (0..50)
            .map(|i| Goal {
                host: i,
                ip: address(i),
                route: 0,
                probe: DiscoveryProbe::new(Kind::ECHO, 0),
                ttl,
            })
            .collect()
    }

    #[test]
    fn every_route_is_right_and_shared_routers_are_probed_once() {
        // A right estimate, one too near, one too far, none.
        for ttl in [Some(59), Some(61), Some(50), None] {
            let (paths, counts) = run(goals(ttl), &[]);
            for (goal, path) in goals(ttl).iter().zip(&paths) {
                let ips: Vec<_> = path.iter().map(|h| h.ip).collect();
                let mut wanted: Vec<_> = (1..6).map(|t| router(goal.ip, t)).collect();
                wanted.push(Some(goal.ip));
                assert_eq!(ips, wanted, "{ttl:?} {goal:?}");
            }
            let to_routers: u32 = counts
                .iter()
                .filter(|((t, _), _)| *t < 6)
                .map(|a| a.1)
                .sum();
            // Without a time to live nothing shows that neighbours are equally far away, so the last router is probed
            // for each of them.
            let most = if ttl.is_some() { 12 } else { 12 + 50 };
            assert!(to_routers <= most, "{ttl:?}: {counts:?}");
        }
    }

    #[test]
    fn a_silent_router_is_a_gap() {
        let (paths, _) = run(goals(Some(59)), &[2, 5]);
        for path in &paths {
            let gaps: Vec<u8> = path
                .iter()
                .filter(|h| h.ip.is_none())
                .map(|h| h.ttl)
                .collect();
            assert_eq!((gaps, path.len()), (vec![2, 5], 6));
        }
    }

    #[test]
    fn a_host_that_went_silent_ends_at_its_last_router() {
        let (paths, _) = run(goals(Some(59)), &[6, 7, 8, 9, 10, 11, 12]);
        assert!(paths.iter().all(|p| p.len() == 5), "{:?}", paths[0]);
    }
}
