"""The record of a prompt."""

from llm_tt.smallworld.prompts import MARK, SUBJECT_END, TaskPrompt, without_marks

ASKED = TaskPrompt("sums", "1 + 1 =", " 2", " 3", "1 + 2 =", " 3", ending=", done.")


def test_the_marked_text_is_the_whole_sentence():
    assert ASKED.marked_text() == f"1 + 1 ={MARK} 2, done."


def test_without_several_right_answers_the_answer_is_the_right_one():
    assert ASKED.right_answers == (" 2",)


def test_without_marks():
    assert without_marks(f"Japan{SUBJECT_END} is{MARK} big") == "Japan is big"
