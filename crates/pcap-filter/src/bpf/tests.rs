//! Assembled programs, run on sample packets.

use alloc::{format, vec::Vec};

use super::{
    ArithOp, AssembleError, Assembler, Compare, Instruction, MAX_INSTRUCTIONS, Operand, Program,
    Width,
};

/// Number of bytes that the program keeps of a packet.
fn stored(program: &Program, packet: &[u8]) -> usize {
    (program.run(packet, packet.len() as u32) as usize).min(packet.len())
}

#[test]
fn labels_become_distances() {
    let mut a = Assembler::new();
    let (far, end) = (a.label(), a.label());
    a.load(Width::Half, 2);
    a.branch(Compare::Equal, 0x0102, Some(far), None);
    a.ret(0);
    a.place(far);
    a.jump(end);
    a.ret(1);
    a.place(end);
    a.ret(7);
    let program = a.finish().expect("assembles");
    assert_eq!(
        program.instructions()[1],
        Instruction {
            code: 0x15,
            jt: 1,
            jf: 0,
            k: 0x0102
        }
    );
    assert_eq!(program.instructions()[3].k, 1);
    assert_eq!(stored(&program, &[0, 0, 1, 2, 9, 9, 9, 9]), 7);
    assert_eq!(stored(&program, &[0, 0, 1, 3, 9, 9, 9, 9]), 0);
    assert_eq!(
        stored(&program, &[0, 0, 1]),
        0,
        "a load past the end rejects the packet"
    );
}

#[test]
fn indexed_loads_follow_the_header_length() {
    let mut a = Assembler::new();
    let yes = a.label();
    a.index_from_ipv4_header(0);
    a.load_indexed(Width::Byte, 1);
    a.arithmetic(ArithOp::And, 0xf0);
    a.arithmetic(ArithOp::Add, 1);
    a.branch(Compare::Greater, 0x20, Some(yes), None);
    a.ret(0);
    a.place(yes);
    a.ret(u32::MAX);
    let program = a.finish().expect("assembles");
    assert_eq!(stored(&program, &[0x41, 0, 0, 0, 0, 0x2f]), 6);
    assert_eq!(stored(&program, &[0x41, 0, 0, 0, 0, 0x1f]), 0);
}

#[test]
fn scratch_cells_and_the_index_register_are_operands() {
    let mut a = Assembler::new();
    let yes = a.label();
    a.load(Width::Byte, 0);
    a.store(3);
    a.load(Width::Byte, 1);
    a.index_from_cell(3);
    a.arithmetic(ArithOp::Sub, Operand::Index);
    a.index(5);
    a.branch(Compare::Equal, Operand::Index, Some(yes), None);
    a.ret(0);
    a.place(yes);
    a.ret(u32::MAX);
    let program = a.finish().expect("assembles");
    assert_eq!(stored(&program, &[4, 9]), 2);
    assert_eq!(stored(&program, &[4, 8]), 0);
}

#[test]
fn faults_of_the_caller_are_reported() {
    let mut a = Assembler::new();
    let label = a.label();
    a.branch(Compare::AnySet, 1, Some(label), None);
    a.ret(0);
    assert_eq!(a.finish(), Err(AssembleError::Unplaced(0)));

    let mut a = Assembler::new();
    let back = a.label();
    a.place(back);
    a.jump(back);
    assert_eq!(a.finish(), Err(AssembleError::Unplaced(0)));

    let mut a = Assembler::new();
    let end = a.label();
    a.jump(end);
    a.place(end);
    assert_eq!(
        a.finish(),
        Err(AssembleError::Unplaced(0)),
        "no statement follows the label"
    );

    let mut a = Assembler::new();
    (0..5000).for_each(|_| a.ret(0));
    assert_eq!(a.finish(), Err(AssembleError::TooLong(5000)));
}

#[test]
fn conditional_jumps_of_any_distance_arrive() {
    for distance in [0, 250, 251, 252, 253, 254, 255, 256, 257, 600, 3000] {
        for (yes_is_far, byte) in [(true, 1), (false, 0)] {
            let mut a = Assembler::new();
            let far = a.label();
            a.load(Width::Byte, 0);
            for value in [7, 1] {
                let (yes, no) = if yes_is_far {
                    (Some(far), None)
                } else {
                    (None, Some(far))
                };
                a.branch(Compare::Equal, value, yes, no);
            }
            (0..distance).for_each(|_| a.ret(0));
            a.place(far);
            a.ret(9);
            let program = a.finish().expect("assembles");
            assert!(program.instructions().len() <= MAX_INSTRUCTIONS);
            assert_eq!(program.run(&[byte], 1), 9, "{distance}\n{program}");
        }
    }
}

#[test]
fn kernel_metadata_reads_as_zero() {
    let mut a = Assembler::new();
    let yes = a.label();
    a.load(Width::Word, super::METADATA_VLAN_PRESENT);
    a.branch(Compare::Equal, 0, Some(yes), None);
    a.ret(0);
    a.place(yes);
    a.ret(1);
    assert!(a.finish().expect("assembles").accepts(&[], 0));
}

#[test]
fn the_two_simplest_programs() {
    assert_eq!(stored(&Program::accept_all(), &[1, 2, 3]), 3);
    assert_eq!(stored(&Program::reject_all(), &[1, 2, 3]), 0);
    assert_eq!(format!("{}", Program::reject_all()), "(000) ret      #0");
}

proptest::proptest! {
    #[test]
    fn no_program_panics(
        code in proptest::collection::vec(
            (
                proptest::num::u16::ANY,
                proptest::num::u8::ANY,
                proptest::num::u8::ANY,
                proptest::num::u32::ANY,
            ),
            0..40,
        ),
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..80),
    ) {
        let instructions: Vec<Instruction> = code
            .into_iter()
            .map(|(code, jt, jf, k)| Instruction { code, jt, jf, k })
            .collect();
        let program = Program(instructions);
        let _ = program.run(&bytes, 80);
        let _ = format!("{program}");
    }
}
