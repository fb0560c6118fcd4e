//! Values of unset fields that only the machine knows: its addresses, the next hop, the time.

use crate::env::Env;
use crate::model::{Context, Field, FieldKind, MachineValue};
use crate::value::Value;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use vigie_wire::MacAddr;

/// Returns the machine's value for an unset field.
pub(super) fn machine_value(
    field: &Field,
    wanted: MachineValue,
    context: &Context<'_>,
    env: &dyn Env,
) -> Value {
    let v6 = matches!(field.kind, FieldKind::Ipv6);
    match wanted {
        MachineValue::Loopback if v6 => Value::Ipv6(Ipv6Addr::LOCALHOST),
        MachineValue::Loopback => Value::Ipv4(Ipv4Addr::LOCALHOST),
        MachineValue::Source(dst) => {
            let dst = context
                .this()
                .layer()
                .find(dst)
                .map(|i| context.this().known(context, i, env).member(0));
            let dst = match dst {
                Some(Value::Ipv4(dst)) => IpAddr::V4(dst),
                Some(Value::Ipv6(dst)) => IpAddr::V6(dst),
                _ => return Value::None,
            };
            env.source_for(dst)
                .unwrap_or_else(|| source_offline(dst))
                .into()
        }
        MachineValue::SourceMac => Value::Mac(
            env.source_mac_for(destination(context, env))
                .unwrap_or(MacAddr::ZERO),
        ),
        MachineValue::TimeOfDay => {
            let now = env.unix_time().unwrap_or_default();
            Value::Int((now.as_millis() % 86_400_000) as i128)
        }
        MachineValue::NextHopMac | MachineValue::Now => Value::None,
    }
}

/// Returns the source address on a machine that has only its loopback interface.
fn source_offline(dst: IpAddr) -> IpAddr {
    match dst {
        IpAddr::V4(dst) if dst.is_loopback() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(dst) if dst.is_loopback() => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

/// Returns the first IP or ARP destination in this layer or above.
pub(super) fn destination(context: &Context<'_>, env: &dyn Env) -> Option<IpAddr> {
    (context.at..context.stack.len()).find_map(|at| {
        let context = Context {
            stack: context.stack,
            at,
        };
        let layer = context.this().layer();
        let index = layer.find("dst").or_else(|| layer.find("pdst"))?;
        match context.this().known(&context, index, env).member(0) {
            Value::Ipv4(addr) => Some(addr.into()),
            Value::Ipv6(addr) => Some(addr.into()),
            _ => None,
        }
    })
}
