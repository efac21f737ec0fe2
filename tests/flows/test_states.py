from __future__ import annotations

from dataclasses import replace

from flows.states import duty_end
from tests.flows.fakes import duty_state, late


def test_late_agencies_make_it_overdue_and_are_named_longest_first() -> None:
    end = duty_end(duty_state(late=[late("Sở Y tế", 1), late("Sở Tài chính", 3)]))
    assert (end.name, end.type) == ("Quá hạn", "FAILED")
    assert end.message == "2/19 cơ quan chưa gửi: Sở Tài chính (quá hạn 3 ngày), Sở Y tế (quá hạn 1 ngày)"


def test_a_body_late_twice_is_counted_once() -> None:
    end = duty_end(duty_state(late=[late("Sở Y tế", 1), late("Sở Y tế", 32)]))
    assert end.message == "1/19 cơ quan chưa gửi: Sở Y tế (quá hạn 32 ngày)"


def test_a_long_list_is_cut_and_says_how_many_more() -> None:
    end = duty_end(duty_state(total=40, received=0, late=[late(f"Xã {n}", 1) for n in range(40)]))
    assert end.message is not None
    assert end.message.startswith("40/40 cơ quan chưa gửi: Xã 0 (")
    assert end.message.endswith("Xã 19 (quá hạn 1 ngày), và 20 cơ quan khác")


def test_open_but_not_late_is_within_its_time() -> None:
    end = duty_end(duty_state())
    assert (end.name, end.type, end.message) == ("Đang trong hạn", "COMPLETED", "16/19 cơ quan đã gửi")


def test_everything_received_is_on_time() -> None:
    end = duty_end(duty_state(received=19))
    assert (end.name, end.type, end.message) == ("Đúng hạn", "COMPLETED", "19/19 cơ quan đã gửi")


def test_what_is_no_longer_followed_says_so() -> None:
    end = duty_end(None)
    assert (end.name, end.type) == ("Không còn theo dõi", "COMPLETED")


def test_all_in_but_some_late_does_not_pass_for_on_time() -> None:
    end = duty_end(replace(duty_state(received=19), received_late=2))
    assert (end.name, end.type) == ("Nhận đủ, có gửi chậm", "COMPLETED")
    assert end.message == "19/19 cơ quan đã gửi, trong đó 2 gửi chậm"
