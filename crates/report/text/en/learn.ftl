# `vigie learn`: texts around the lessons. Each lesson has its own file.

learn-about = Short lessons on ports and scans; commands run for real in a lab on this machine
learn-usage = vigie learn [LESSON] [OPTIONS]
learn-options = Options
learn-help-lesson = Number or name of the lesson (default: list the lessons)
learn-help-read = Only read the lesson; run nothing
learn-help-restart = Start from the beginning of the lesson
learn-help-forget = Reset your progress
learn-help-render = Write every lesson as a Markdown page below DIR
learn-after =
    Each lesson creates its own lab and removes it at the end: no packet leaves this machine.
    Ordinary users can run lessons if the system allows user namespaces; otherwise use sudo.

    Example
      vigie learn
      vigie learn 1
      vigie learn handshake --read
learn-list = Lessons
learn-index =
    The lessons of `vigie learn`, to read. In a terminal, each command runs for real in a lab made of network
    namespaces on your own machine, and your answers are checked against the packets in the lab.
learn-mark-done = done
learn-mark-at = at step { $step } of { $steps }
learn-begin = Next: vigie learn { $number }
learn-all-done = All lessons are done. Repeat any of them: vigie learn 1
learn-no-lesson = unknown lesson “{ $lesson }”
learn-no-lesson-hint = give a number from 1 to { $last }, or a name: { $names }
learn-forgotten = progress reset
learn-no-lab = cannot create the lab of the lesson
learn-no-lab-hint = run as root (sudo vigie learn), or only read it: --read
learn-no-tap = cannot capture the packets of the lab
learn-not-kept = cannot save your progress: { $error }
learn-how =
    Press Enter to run a command; it runs in a lab made for this lesson. The word before the $ is the machine of the
    lab that runs it. After a question, type your answer; `?` shows the solution. `q` quits; the lesson resumes there
    next time.
learn-goes-on = Resuming at step { $step }.
learn-otherwise = this time the packets differ from the text below
learn-saw = Packets on the link of { $node }:
learn-saw-nothing = No such packets on the link of { $node }.
learn-how-choice = (type the letter)
learn-how-ports = (type port numbers, for example 22,80 or 22-25)
learn-how-command = (type a command; it runs in the lab, and its packets are checked)
learn-how-filter = (type a filter; it is applied to the packets of the last command)
learn-right = Right.
learn-wrong = Not quite.
learn-told = Solution: { $answer }
learn-question = **Question.** { $text }
learn-answer = **Answer:** { $answer }. { $text }
learn-done = Lesson done.
learn-next = Press Enter for lesson { $number }: { $title }. q quits.
learn-last = That was the last lesson.
learn-left = the lab was removed; resume with “vigie learn { $number }”
value-lesson = LESSON
