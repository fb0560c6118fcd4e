//! Merges the checkpoints of all workers into one.
//!
//! It must not know what a checkpoint contains.

use vigie_scan::checkpoint::Checkpoint;

/// The workers' checkpoints on their way into one.
pub(crate) struct CheckpointMerge {
    latest: Vec<Option<Checkpoint>>,
    /// Whether each worker's latest checkpoint belongs to the current request.
    fresh: Vec<bool>,
    /// Whether each worker has sent its last checkpoint.
    last: Vec<bool>,
    /// The current request, if any: whether it is for the last checkpoint of the scan.
    requested: Option<bool>,
}

impl CheckpointMerge {
    pub(crate) fn new(workers: usize) -> CheckpointMerge {
        CheckpointMerge {
            latest: vec![None; workers],
            fresh: vec![false; workers],
            last: vec![false; workers],
            requested: None,
        }
    }

    /// Begins to collect a checkpoint from every worker. Returns false if a collection is under way; only a request for
    /// the `last` checkpoint replaces it.
    pub(crate) fn request(&mut self, last: bool) -> bool {
        if self.requested.is_some() && !last {
            return false;
        }
        self.requested = Some(last);
        self.fresh.clone_from(&self.last);
        true
    }

    /// Adds a worker's checkpoint.
    pub(crate) fn add(&mut self, worker: usize, checkpoint: Checkpoint, last: bool) {
        self.latest[worker] = Some(checkpoint);
        // The last checkpoint needs the last one of every worker: workers may have exchanged work since the one before.
        self.fresh[worker] = last || self.requested == Some(false);
        self.last[worker] = last;
    }

    /// Returns the merged checkpoint once every worker has contributed, and whether it is the last one.
    pub(crate) fn take(&mut self) -> Option<(Checkpoint, bool)> {
        let last = self.requested?;
        if self.fresh.contains(&false) {
            return None;
        }
        self.requested = None;
        let mut all = self.latest.iter().flatten().cloned();
        let mut whole = all.next()?;
        all.for_each(|part| whole.absorb(part));
        Some((whole, last))
    }
}
