"""A plan of the valley as its office would write it, for the tests of the review screen: twelve duties, two groups, a
list that is never uploaded, a sentence that names nobody, and two dates without a year."""

from __future__ import annotations

NAME = "ke-hoach-88.txt"
TEXT = """\
ỦY BAN NHÂN DÂN
TỈNH THUNG LŨNG
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: 88/KH-UBND
Thung Lũng, ngày 04 tháng 3 năm 2024

KẾ HOẠCH
Chuyển đổi số trong giải quyết thủ tục hành chính năm 2024 trên địa bàn tỉnh Thung Lũng

Thực hiện Quyết định số 12/QĐ-TTg ngày 05 tháng 01 năm 2024, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Nâng tỷ lệ hồ sơ nộp trực tuyến lên từ 60% trở lên trong năm 2024.
2. Việc triển khai phải thống nhất, tiết kiệm.

II. NHIỆM VỤ
1. Sở Thông tin và Truyền thông
a) Hoàn thành rà soát danh mục thủ tục trước ngày 30/4/2024, gửi Công an tỉnh tổng hợp.
b) Định kỳ hằng tháng, trước ngày 25, gửi báo cáo kết quả số hóa hồ sơ.
2. Sở Tài chính
a) Tham mưu bố trí kinh phí chậm nhất ngày 15 tháng 5.
b) Báo cáo tình hình giải ngân hằng quý, trước ngày 10 của tháng đầu quý sau.
3. Sở Nội vụ
a) Chủ trì, phối hợp với Sở Tài chính tổ chức tập huấn trong quý II năm 2024.
b) Lập danh sách công chức đầu mối theo Mẫu số 01, gửi Công an tỉnh trước ngày 20/3/2024.
4. Các sở, ban, ngành; UBND các huyện, thành phố
a) Ban hành kế hoạch thực hiện trước ngày 31/3/2024.
b) Báo cáo kết quả năm trước ngày 15/12/2024 về Công an tỉnh để tổng hợp.
5. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh tuyên truyền, vận động; gửi kết quả trước ngày 30/11/2024.

III. TỔ CHỨC THỰC HIỆN
1. Tổng kết việc thực hiện Kế hoạch trước ngày 25/12/2024.
2. Giao Công an tỉnh chủ trì theo dõi, đôn đốc việc thực hiện Kế hoạch này; báo cáo Ủy ban nhân dân tỉnh trước ngày
20/12/2024.

Nơi nhận:
- Như mục II;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
"""
