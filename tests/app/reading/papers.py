"""A plan of an invented province, in words of our own, and the bodies that are known there."""

from __future__ import annotations

from datetime import date

from plans.model import Agency, Register

UNIT = "an-son"
LEAD = f"{UNIT}.cong-an-tinh"

PAPER = """ỦY BAN NHÂN DÂN
TỈNH AN SƠN

Số: 05/KH-UBND

An Sơn, ngày 02 tháng 10 năm 2023

KẾ HOẠCH
Thực hiện công tác thử nghiệm năm 2024

I. MỤC ĐÍCH

Nâng cao chất lượng công tác thử nghiệm.

II. PHÂN CÔNG NHIỆM VỤ

1. Công an tỉnh

- Tổng hợp kết quả, báo cáo UBND tỉnh trước ngày 20/12/2024.

2. Sở Tài chính

- Cấp kinh phí thử nghiệm trước ngày 15/3/2024.

3. Sở Nội vụ: tham mưu khen thưởng.

4. Sở Thử nghiệm

- Lập danh sách người tham gia theo Mẫu số 01, gửi Sở Nội vụ vào ngày 05 hằng tháng.

5. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh

- Giám sát việc thực hiện.

6. UBND các huyện, thành phố

- Chỉ đạo UBND cấp xã thực hiện.

III. TỔ CHỨC THỰC HIỆN

1. Các sở, ban, ngành tỉnh, UBND các huyện, thành phố xây dựng kế hoạch, gửi Công an tỉnh trước ngày 30/10/2023.

2. Giao Công an tỉnh theo dõi, đôn đốc, kiểm tra việc thực hiện Kế hoạch này.

Nơi nhận:
- Như trên.
"""


def body(slug: str, name: str, *aliases: str, until: date | None = None, start: date | None = None) -> Agency:
    return Agency(f"{UNIT}.{slug}", name, aliases, start=start, until=until)


BODIES = (
    body("cong-an-tinh", "Công an tỉnh An Sơn", "Công an tỉnh"),
    body("ubnd-tinh", "UBND tỉnh An Sơn", "UBND tỉnh"),
    body("so-tai-chinh", "Sở Tài chính"),
    body("so-noi-vu", "Sở Nội vụ"),
    body("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh An Sơn", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
    body("ubnd-huyen-bac", "UBND huyện Bắc", until=date(2025, 6, 30)),
    body("ubnd-huyen-nam", "UBND huyện Nam", until=date(2025, 6, 30)),
    body("ubnd-thanh-pho-an-son", "UBND thành phố An Sơn", until=date(2025, 6, 30)),
    body("ubnd-huyen-cu", "UBND huyện Cũ", until=date(2020, 1, 1)),
    body("ubnd-phuong-dong", "UBND phường Đông", start=date(2025, 7, 1)),
    body("ubnd-xa-tay", "UBND xã Tây"),
    body("cong-an-huyen-bac", "Công an huyện Bắc", until=date(2025, 2, 28)),
    body("cong-an-xa-tay", "Công an xã Tây"),
    body("cong-an-phuong-dong", "Công an phường Đông"),
    body("cong-an-cap-xa", "Công an cấp xã"),
)
REGISTER = Register({each.id: each for each in BODIES})
DISTRICTS = [f"{UNIT}.ubnd-huyen-bac", f"{UNIT}.ubnd-huyen-nam", f"{UNIT}.ubnd-thanh-pho-an-son"]
