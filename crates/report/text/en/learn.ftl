# `vigie learn`: what is said around the lessons. Each lesson has a file of its own.

learn-about = Short lessons on ports and scans, their commands run for real in a lab on this machine
learn-usage = vigie learn [LESSON] [OPTIONS]
learn-options = Options
learn-help-lesson = The lesson's number or name; the list of lessons if none is given
learn-help-read = Only read it: nothing is run
learn-help-restart = From its beginning, not from where you left it
learn-help-forget = Forget which lessons are done
learn-help-render = Write every lesson as a page of Markdown below DIR
learn-after =
    A lesson makes a lab of its own and removes it at the end: no packet leaves this machine.
    Ordinary users can have a lab too where the system lets them have user namespaces; else use sudo.

    Example
      vigie learn
      vigie learn 1
      vigie learn handshake --read
learn-list = Lessons
learn-index =
    The lessons of `vigie learn`, to read. In a terminal each command runs for real, in a lab made of network
    namespaces on your own machine, and the answers are checked by what the lab saw.
learn-mark-done = done
learn-mark-at = at step { $step } of { $steps }
learn-begin = Next: vigie learn { $number }
learn-all-done = You have done them all. Any of them can be done again: vigie learn 1
learn-no-lesson = there is no lesson “{ $lesson }”
learn-no-lesson-hint = give a number from 1 to { $last }, or a name: { $names }
learn-forgotten = forgotten: every lesson is new again
learn-no-lab = the lesson has no lab to work in
learn-no-lab-hint = run it as root (sudo vigie learn), or only read it: --read
learn-no-tap = the lab's packets cannot be listened to
learn-not-kept = your progress cannot be kept: { $error }
learn-how =
    A command waits for Enter, then runs in a lab made for this lesson. The word before the $ is the machine of the
    lab where it runs. A question waits for your answer; `?` tells it. `q` leaves, and the lesson goes on there next
    time.
learn-goes-on = You left at step { $step }: the lesson goes on there.
learn-otherwise = the packets went otherwise this time than the text below says
learn-saw = What went over the link of { $node }:
learn-saw-nothing = Nothing of that kind went over the link of { $node }.
learn-how-choice = (type the letter)
learn-how-ports = (type the port numbers, such as 22,80 or 22-25)
learn-how-command = (type a command; it runs in the lab, and what it sends is looked at)
learn-how-filter = (type a filter; it runs over the packets of the last command)
learn-right = Right.
learn-wrong = Not quite.
learn-told = The answer: { $answer }
learn-question = **Question.** { $text }
learn-answer = **Answer:** { $answer }. { $text }
learn-done = The lesson is done.
learn-next = Enter goes on with lesson { $number }: { $title }. q ends.
learn-last = That was the last lesson.
learn-left = the lab is removed; “vigie learn { $number }” goes on where you left
value-lesson = LESSON
