"""What the acts of the safeguards ask for."""

from integrity.forms import act_inputs, date_input, text_input

act_inputs(
    ends_on_day=lambda row: date_input("有效期至"),
    successor_no=lambda row: text_input(
        "替代文件编号", required=False, max_length=40, help_text="已发布文件的编号，如 WZ-2026-XXXXXXXX"
    ),
    year_progress=lambda row: text_input("年度进展", rows=6, max_length=4000),
)
