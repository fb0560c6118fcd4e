//! Pins busy threads to CPUs.
//!
//! The scheduler moves two busy threads between CPUs, and each move costs them their cached data. This module must not
//! know what the threads do.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Returns the CPUs that this process may use if there are exactly `threads` of them, otherwise nothing. With more CPUs,
/// the scheduler knows better which of them are free.
pub fn one_each(threads: usize) -> Vec<usize> {
    let Ok(allowed) = sched_getaffinity(None) else {
        return Vec::new();
    };
    let all = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
    let cpus: Vec<usize> = all.take(threads + 1).collect();
    if cpus.len() == threads {
        cpus
    } else {
        Vec::new()
    }
}

/// Pins this thread to `cpu`. Has no effect if the kernel refuses.
pub fn pin_to(cpu: usize) {
    let mut set = CpuSet::new();
    set.set(cpu);
    let _ = sched_setaffinity(None, &set);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_thread_stays_on_its_cpu() {
        assert_eq!(one_each(CpuSet::MAX_CPU + 1), []);
        let all = sched_getaffinity(None).expect("it can be read").count() as usize;
        let cpu = one_each(all)[0];
        std::thread::spawn(move || {
            pin_to(cpu);
            let allowed = sched_getaffinity(None).expect("it was just set");
            assert!(allowed.is_set(cpu) && allowed.count() == 1);
            assert_eq!(one_each(2), [], "one CPU is not enough for two");
        })
        .join()
        .expect("the thread ends well");
    }
}
