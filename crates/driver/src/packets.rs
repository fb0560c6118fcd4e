//! Runs a packet scan on packet sockets: in one thread, or in one for each set of sockets when one is too slow.
//!
//! It must not know what is scanned or found.

use vigie_linux::io::{IoError, Method};
use vigie_scan::Scan;
use vigie_scan::plan::Plan;
use vigie_scope::Transport;

use crate::link_sockets::{self, LinkSockets};
use crate::run::{self, Exit, now};
use crate::workers;
use crate::{Error, Observer};

/// Packet sockets for a scan: one set per worker, each with a socket pair on every link of the plan.
#[derive(Debug)]
pub struct PacketRunner {
    /// Never empty. The first set belongs to the scan that is passed to [`PacketRunner::run`].
    sets: Vec<LinkSockets>,
}

impl Drop for PacketRunner {
    fn drop(&mut self) {
        link_sockets::close(std::mem::take(&mut self.sets));
    }
}

impl PacketRunner {
    /// Opens the packet sockets for `plan`, one set for each worker. Needs CAP_NET_RAW.
    ///
    /// `source_ports` holds the first source port of each worker; the first entry is the port of the plan, which also sets
    /// the number of ports per worker. The sockets receive only answers to these ports: TCP, UDP, ICMP, and the
    /// protocols in `transports`.
    ///
    /// # Errors
    /// If the kernel refuses a socket, or `source_ports` is empty.
    pub fn open(
        plan: &Plan,
        source_ports: &[u16],
        transports: &[Transport],
        method: Method,
    ) -> Result<PacketRunner, IoError> {
        if source_ports.is_empty() {
            return Err(IoError::BadRequest("no source port"));
        }
        let sets = LinkSockets::open_many(plan, source_ports, transports, method)?;
        Ok(PacketRunner { sets })
    }

    /// Returns the maximum number of workers.
    pub fn max_workers(&self) -> usize {
        self.sets.len()
    }

    /// Runs `scan` to its end, or until `observer` requests a stop.
    ///
    /// # Errors
    /// If a socket fails (the observer still receives what is known), or the observer fails.
    pub fn run<O: Observer>(
        &mut self,
        scan: &mut Scan,
        observer: &mut O,
    ) -> Result<(), Error<O::Error>> {
        let ran = self.run_to_end(scan, observer);
        run::end(ran, scan, observer)
    }

    fn run_to_end<O: Observer>(
        &mut self,
        scan: &mut Scan,
        observer: &mut O,
    ) -> Result<(), Error<O::Error>> {
        let others = self.sets.len() - 1;
        while run::observe(scan, &mut self.sets[0], observer, others > 0)? == Exit::Split {
            let wanted = match scan.split_offs() {
                0 => others,
                split_offs => split_offs.min(others),
            };
            let (own, helpers) = self
                .sets
                .split_first_mut()
                .ok_or(IoError::BadRequest("no source port"))?;
            let helpers = &mut helpers[..wanted];
            let ports: Vec<u16> = helpers.iter().map(|set| set.source_port).collect();
            let mut split_offs = scan.split(now(), &ports);
            let mut workers = vec![(&mut *scan, own)];
            workers.extend(split_offs.iter_mut().zip(helpers));
            let ran = workers::run(workers, observer);
            scan.join(now(), split_offs);
            ran?;
        }
        Ok(())
    }
}
