//! Flags for the pace of a scan, its limits, and its division into parts.

use vigie_report::Message;
use vigie_scan::plan::Shard;

use super::{ScanFlag, ScanFlags, masscan};
use crate::error::Error;
use crate::flags::foreign::nmap;
use crate::flags::{Takes, Value};

/// Minimum memory for the state of probes, in bytes. With less, a window hardly holds one host.
const MIN_MEMORY: u64 = 4 << 10;
/// Limits of a rate in packets per second.
const RATES: (f64, f64) = (0.001, 1e9);

pub(super) const PACE: &[ScanFlag] = &[
    // Stored before the flags whose defaults it changes.
    pace("timing", "0-5", "4", timing).spelled(&[nmap("-T")]),
    ScanFlag::value("max-rate", Takes::One("N"), "1000", |o, value| {
        o.budget.max_rate = Some(value.decimal(RATES.0, RATES.1)?);
        Ok(())
    })
    .hyphens()
    .spelled(&[nmap("--max-rate"), masscan("--rate"), masscan("--max-rate")]),
    pace("max-host-rate", "N", "100", |o, value| {
        o.budget.max_host_rate = Some(value.decimal(RATES.0, RATES.1)?);
        Ok(())
    }),
    pace("min-rate", "N", "10", |o, value| {
        o.budget.min_rate = Some(value.decimal(RATES.0, RATES.1)?);
        Ok(())
    })
    .spelled(&[nmap("--min-rate")]),
    pace("max-tries", "N", "2", |o, value| {
        o.budget.max_tries = value.number(1, 255)? as u8;
        Ok(())
    }),
    pace("max-retries", "N", "1", |o, value| {
        o.budget.max_tries = value.number(0, 254)? as u8 + 1;
        Ok(())
    })
    .conflicts(&["max-tries"])
    .spelled(&[nmap("--max-retries"), masscan("--retries")]),
    pace("confidence", "P", "0.99", |o, value| {
        o.budget.confidence = value.decimal(0.5, 0.999_999_999)?;
        Ok(())
    }),
    pace("host-timeout", "TIME", "30s", |o, value| {
        o.budget.host_timeout = Some(value.time()?);
        Ok(())
    })
    .spelled(&[nmap("--host-timeout")]),
    pace("max-time", "TIME", "10m", |o, value| {
        o.budget.max_time = Some(value.time()?);
        Ok(())
    }),
    pace("max-connections", "N", "100", |o, value| {
        o.budget.max_connections = value.number(1, 1_000_000)? as usize;
        Ok(())
    }),
    pace("seed", "N", "7", |o, value| {
        o.seed = Some(value.number(0, u64::MAX)?);
        Ok(())
    })
    .spelled(&[masscan("--seed")]),
    pace("shard", "K/N", "1/4", |o, value| {
        o.shard = Some(shard(value)?);
        Ok(())
    })
    .spelled(&[masscan("--shard"), masscan("--shards")]),
    pace("memory", "SIZE", "64M", |o, value| {
        o.memory = Some(value.size(MIN_MEMORY)?);
        Ok(())
    }),
    pace("state", "FILE", "scan.state", |o, value| {
        o.state = Some(value.path());
        Ok(())
    }),
    pace("resume", "FILE", "scan.state", |o, value| {
        o.resume = Some(value.path());
        Ok(())
    })
    .spelled(&[masscan("--resume")]),
    pace("io", "WAY", "xdp", |o, value| {
        o.xdp = value.text()? == "xdp";
        Ok(())
    })
    .choices(&["packet", "xdp"]),
];

const fn pace(
    name: &'static str,
    value: &'static str,
    example: &'static str,
    set: fn(&mut ScanFlags, Value<'_>) -> Result<(), Error>,
) -> ScanFlag {
    ScanFlag::value(name, Takes::One(value), example, set)
        .hyphens()
        .rare()
}

/// Stores one of nmap's timing templates. From 3 on they set no rate: the scan adapts it.
fn timing(o: &mut ScanFlags, value: Value<'_>) -> Result<(), Error> {
    o.timing = Some(match value.text()? {
        "0" | "paranoid" => 0,
        "1" | "sneaky" => 1,
        "2" | "polite" => 2,
        "3" | "normal" => 3,
        "4" | "aggressive" => 4,
        "5" | "insane" => 5,
        other => {
            let wrong = Message::new("number-wrong")
                .outside("value", other)
                .outside("arg", "-T");
            let hint = Message::new("number-wrong-hint")
                .amount("min", 0)
                .amount("max", 5);
            return Err(Error::usage(wrong).hint(hint));
        }
    });
    match o.timing {
        Some(0) => o.budget.max_rate = Some(1.0 / 300.0),
        Some(1) => o.budget.max_rate = Some(1.0 / 15.0),
        Some(2) => o.budget.max_rate = Some(2.5),
        Some(5) => o.budget.max_tries = 3,
        _ => {}
    }
    Ok(())
}

fn shard(value: Value<'_>) -> Result<Shard, Error> {
    let parts = value.text()?.split_once('/');
    let parts = parts.and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    parts
        .map(|(number, of)| Shard { number, of })
        .filter(|shard| shard.is_valid())
        .ok_or_else(|| {
            value
                .wrong("number-wrong")
                .hint(Message::new("shard-wrong-hint"))
        })
}
