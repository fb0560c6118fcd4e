//! Chooses the next probe of a trace, after an answer or after a probe was given up.

use super::{MAX_BEYOND_ESTIMATE, MAX_HOPS, Traceroute, network};

impl Traceroute {
    /// Continues trace `i`, now that the result for `ttl` is known.
    pub(super) fn advance(&mut self, i: usize, ttl: u8) {
        let trace = &self.traces[i];
        if trace.done {
            return;
        }
        let end = trace.end;
        let farthest = trace.probes.keys().next_back().copied().unwrap_or(ttl);
        if let Some(leader) = trace.follows {
            // As far away as its neighbour, and the time to live of its answers agrees: the same route. (An answer to
            // this probe alone does not show the distance: a nearer host would answer it as well.)
            let leader_trace = &self.traces[leader];
            let same = end == Some(ttl)
                && leader_trace.end == Some(ttl)
                && trace.goal.ttl.is_some()
                && trace.goal.ttl == leader_trace.goal.ttl;
            self.traces[i].follows = None;
            if same {
                self.traces[i].shares = Some((leader, ttl - 1));
                self.finish(i);
                return;
            }
        }
        // The router is known at this distance, so everything before it is known too.
        let trace = &self.traces[i];
        if end.is_none_or(|e| ttl < e)
            && let Some((ip, _)) = trace.hops.get(&ttl)
        {
            let key = (trace.goal.route, ttl, *ip);
            match self.known.get(&key).copied() {
                Some(other)
                    if other != i
                        && trace.shares.is_none_or(|s| s.1 < ttl)
                        && !self.relies_on(other, i) =>
                {
                    self.traces[i].shares = Some((other, ttl));
                }
                Some(_) => {}
                None => {
                    self.known.insert(key, i);
                }
            }
        }
        let trace = &self.traces[i];
        match end {
            // Not reached: look farther, within limits.
            None if trace.probes.values().all(|a| a.settled) => {
                let answered = trace.hops.keys().next_back().copied().unwrap_or(0);
                let limit = (trace.estimate + MAX_BEYOND_ESTIMATE)
                    .max(answered + MAX_BEYOND_ESTIMATE)
                    .min(MAX_HOPS);
                if farthest < limit {
                    self.enqueue(i, farthest + 1);
                    return;
                }
            }
            None => return,
            Some(_) => {}
        }
        // Go backwards from the end (or from the farthest router) to what is known.
        let trace = &self.traces[i];
        let from = trace
            .end
            .or(trace.hops.keys().next_back().copied())
            .unwrap_or(trace.estimate);
        let floor = trace.shares.map_or(0, |s| s.1);
        let missing = (floor + 1..from)
            .rev()
            .find(|t| !trace.probes.contains_key(t));
        let pending = (floor + 1..=from).any(|t| trace.probes.get(&t).is_some_and(|a| !a.settled));
        match missing {
            _ if pending => {}
            Some(next) => self.enqueue(i, next),
            None => self.finish(i),
        }
    }

    /// Whether trace `i` takes hops from trace `other`, directly or through other traces.
    pub(super) fn relies_on(&self, i: usize, other: usize) -> bool {
        let other = self.traces[other].goal.host;
        let mut relied_on = self.others(&self.traces[i]);
        relied_on.any(|(trace, _)| trace.goal.host == other)
    }

    /// Completes trace `i`, and begins the traces that waited for it.
    pub(super) fn finish(&mut self, i: usize) {
        if core::mem::replace(&mut self.traces[i].done, true) {
            return;
        }
        self.open -= 1;
        let network = network(&self.traces[i].goal);
        let followers = match self.leaders.get_mut(&network) {
            Some(leader) if leader.trace == i => core::mem::take(&mut leader.followers),
            _ => return,
        };
        let end = self.traces[i].end;
        for follower in followers {
            let estimate = self.traces[follower].estimate;
            self.enqueue(follower, end.unwrap_or(estimate));
        }
    }
}
