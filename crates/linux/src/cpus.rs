//! A CPU for each sender, where there are enough.
//!
//! The scheduler moves two busy senders to and fro between CPUs, each time away from what they had in its cache. It
//! must not know what a sender does.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The CPUs that this process may run on, if there are just as many as `senders`: of more, the scheduler knows better
/// which ones are free.
pub fn one_each(senders: usize) -> Vec<usize> {
    let Ok(allowed) = sched_getaffinity(None) else {
        return Vec::new();
    };
    let all = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
    let cpus: Vec<usize> = all.take(senders + 1).collect();
    if cpus.len() == senders {
        cpus
    } else {
        Vec::new()
    }
}

/// From now on this thread runs on `cpu` alone. Where that is refused, it runs where it did.
pub fn stay_on(cpu: usize) {
    let mut set = CpuSet::new();
    set.set(cpu);
    let _ = sched_setaffinity(None, &set);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_stays_where_it_was_put() {
        assert_eq!(one_each(CpuSet::MAX_CPU + 1), []);
        let all = sched_getaffinity(None).expect("it can be read").count() as usize;
        let cpu = one_each(all)[0];
        std::thread::spawn(move || {
            stay_on(cpu);
            let allowed = sched_getaffinity(None).expect("it was just set");
            assert!(allowed.is_set(cpu) && allowed.count() == 1);
            assert_eq!(one_each(2), [], "one CPU is not enough for two");
        })
        .join()
        .expect("the thread ends well");
    }
}
