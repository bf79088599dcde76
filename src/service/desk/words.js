// SPDX-License-Identifier: Apache-2.0
// What the page says, in Vietnamese and English: [vi, en] by a key. A test finds a key that the page uses and that is
// not here.

export const words = {
    skip: ["Đến nội dung", "Skip to content"],
    title: ["Bàn xác thực", "Verification desk"],
    pages: ["Các trang", "Pages"],
    nav_officer: ["Xác thực", "Verify"],
    nav_list: ["Danh sách", "Lists"],
    nav_citizen: ["Ai đã hỏi về tôi", "Who asked about me"],
    nav_operator: ["Vận hành", "Operation"],
    footer: ["Không có dữ liệu của cơ sở dữ liệu dân cư nào hiện trên trang này.", "Nothing on this page is data of the population register."],
    yes: ["có", "yes"],

    officer_title: ["Xác thực thông tin công dân", "Verify what a citizen says"],
    officer_lead: ["Nhập điều công dân đã khai. Cơ sở dữ liệu chỉ cho biết khớp hay không khớp, không bao giờ cho biết dữ liệu.", "Enter what you were told. The register says whether it matches, and never what it holds."],
    card_summary: ["Điền từ mã QR trên thẻ căn cước", "Fill in from the identity card's QR code"],
    card_label: ["Văn bản của mã QR", "Text of the QR code"],
    card_hint: ["Dán văn bản mà máy quét đọc được, các phần cách nhau bằng dấu |.", "Paste what the scanner reads, parts separated by |."],
    card_use: ["Điền vào biểu mẫu", "Fill in the form"],
    card_scan: ["Quét bằng máy ảnh", "Scan with the camera"],
    card_scanning: ["Đưa mã QR của thẻ trước máy ảnh.", "Hold the card's QR code before the camera."],
    card_no_camera: ["Không dùng được máy ảnh. Hãy dán văn bản.", "The camera cannot be used. Paste the text instead."],
    card_not: ["Đây không phải văn bản mã QR của thẻ căn cước.", "This is not the text of an identity card's QR code."],
    card_filled: ["Đã điền: {fields}.", "Filled in: {fields}."],
    card_unused: ["Không dùng: {fields}.", "Not used: {fields}."],
    card_faults: ["Không đọc được: {fields}.", "Could not be read: {fields}."],
    card_old_number: ["số chứng minh cũ", "old number"],
    card_address: ["địa chỉ", "address"],
    card_issued: ["ngày cấp", "date of issue"],
    card_further: ["các phần thêm", "further parts"],
    who: ["Người được hỏi", "About whom"],
    more: ["Thông tin khác để đối chiếu", "More to compare"],
    asker: ["Cơ quan, thủ tục, cán bộ", "Agency, procedure, officer"],
    ask: ["Xác thực", "Verify"],
    asking: ["Đang hỏi…", "Asking…"],
    clear: ["Xóa hết", "Clear"],
    nothing_kept: ["Trang này không lưu điều đã nhập và không đưa vào địa chỉ trang.", "This page stores nothing of what you enter, and puts none of it into an address."],
    answer: ["Kết quả", "Answer"],
    answer_empty: ["Kết quả sẽ hiện ở đây.", "The answer appears here."],

    field_id: ["Số định danh", "Personal number"],
    field_name: ["Họ và tên", "Full name"],
    field_name_exact: ["Phải đúng từng dấu", "Every mark must be right"],
    field_birth_date: ["Ngày sinh", "Birth date"],
    field_sex: ["Giới tính", "Sex"],
    field_life: ["Tình trạng sống", "Life status"],
    field_registration: ["Tình trạng đăng ký", "Registration"],
    field_account_level: ["Mức độ định danh", "Level of the digital account"],
    field_account_level_at_least: ["Mức độ định danh ít nhất", "Level of the digital account at least"],
    field_account: ["Trạng thái tài khoản", "State of the digital account"],
    field_document: ["Tình trạng thẻ căn cước", "State of the identity card"],
    field_document_valid_on: ["Thẻ còn giá trị vào ngày", "Card valid on"],
    field_born_on_or_before: ["Sinh vào hoặc trước ngày", "Born on or before"],
    field_province: ["Tỉnh, thành phố cư trú", "Province of residence"],
    field_ward: ["Mã xã, phường cư trú", "Code of commune or ward"],
    field_agency: ["Mã cơ quan", "Agency"],
    field_procedure: ["Mã thủ tục", "Procedure"],
    field_officer: ["Mã cán bộ", "Officer"],
    field_max_age_ms: ["Dữ liệu cũ tối đa (mili giây)", "Register at most this old (ms)"],
    field_holder_proof: ["Chữ ký", "Proof"],
    hint_id: ["12 chữ số", "12 digits"],
    hint_date: ["ngày/tháng/năm, như 28/02/1990", "day/month/year, as 28/02/1990"],
    hint_name: ["có dấu, hoặc không dấu nào", "with all marks, or with none"],
    hint_ward: ["5 chữ số", "5 digits"],
    hint_agency: ["trống: cơ quan của kết nối này", "empty: this connection's agency"],
    not_stated: ["không nêu", "not stated"],
    value_male: ["nam", "male"],
    value_female: ["nữ", "female"],
    value_other: ["khác", "other"],
    value_alive: ["còn sống", "alive"],
    value_deceased: ["đã chết", "deceased"],
    value_missing: ["mất tích", "missing"],
    value_active: ["hoạt động", "active"],
    value_suspended: ["tạm dừng", "suspended"],
    value_cancelled: ["đã hủy", "cancelled"],
    value_none: ["không có", "none"],
    value_level_1: ["mức độ 1", "level 1"],
    value_level_2: ["mức độ 2", "level 2"],
    value_locked: ["tự khóa", "locked by the holder"],
    value_revoked: ["đã thu hồi", "revoked"],
    value_valid: ["còn giá trị", "valid"],
    value_lost: ["đã mất", "lost"],
    value_damaged: ["hư hỏng", "damaged"],
    value_replaced: ["đã đổi", "replaced"],
    value_held: ["bị giữ", "held"],
    wrong_id: ["Số định danh có 12 chữ số.", "A personal number has 12 digits."],
    wrong_date: ["Không có ngày này. Hãy viết ngày/tháng/năm.", "There is no such date. Write day/month/year."],
    wrong_day: ["Ở đây cần đủ ngày, tháng, năm.", "Day, month and year are needed here."],
    wrong_ward: ["Mã có 5 chữ số.", "The code has 5 digits."],
    wrong_number: ["Hãy viết một số nguyên.", "Write a whole number."],
    wrong_nothing: ["Hãy nêu ít nhất một thông tin để đối chiếu.", "State at least one thing to compare."],
    wrong_both: ["Nêu ngày sinh hoặc “sinh vào hoặc trước ngày”, không cả hai.", "State the birth date or “born on or before”, not both."],
    wrong_both_levels: ["Nêu mức độ hoặc “mức độ ít nhất”, không cả hai.", "State the level or “level at least”, not both."],

    says_true: ["Khớp", "Matched"],
    says_false: ["Không khớp", "Not matched"],
    says_not_available: ["Không thể nói", "Cannot say"],
    claim: ["Thông tin", "Claim"],
    claim_says: ["Cơ sở dữ liệu nói", "The register says"],
    grade_exact: ["đúng từng dấu", "mark for mark"],
    grade_folded: ["khớp khi bỏ dấu", "but for the marks, which one side lacks"],
    grade_marks_differ: ["chỉ khác dấu: là tên khác", "only the marks differ: another name"],
    coarse: ["Cơ sở dữ liệu chỉ có năm, hoặc năm và tháng sinh; phần đó được so.", "The register has only year, or year and month; these were compared."],
    claim_coarse: ["Đã nêu ngày sinh không đầy đủ; phần đã nêu được so.", "The birth date stated is not complete; what was stated was compared."],
    as_of: ["Theo cơ sở dữ liệu lúc {time}, biến động số {sequence}.", "Register as of {time}, change {sequence}."],
    took: ["Trả lời trong {ms} ms.", "Answered in {ms} ms."],
    receipt: ["Biên nhận {receipt}", "Receipt {receipt}"],
    code: ["Mã {code}", "Code {code}"],
    about_member: ["Trường: {field}.", "Field: {field}."],
    no_answer: ["Không nhận được câu trả lời", "No answer"],
    no_service: ["Không kết nối được với dịch vụ. Hãy kiểm tra mạng rồi hỏi lại.", "The service cannot be reached. Check the network and ask again."],
    not_asked: ["Chưa có câu trả lời", "There is no verdict"],
    again: ["Hỏi người khác", "Ask about another"],

    list_title: ["Xác thực một danh sách", "Verify a list"],
    list_lead: ["Thả vào đây một tệp CSV có dòng tiêu đề. Trang gửi từng phần đến dịch vụ và trả lại chính tệp đó, thêm các cột kết quả.", "Drop a CSV file with a line of headings here. The page sends it to the service in parts and gives the same file back with columns of verdicts."],
    drop_here: ["Thả tệp CSV vào đây", "Drop a CSV file here"],
    choose: ["Chọn tệp…", "Choose a file…"],
    drop_hint: ["UTF-8, phân cách bằng dấu phẩy, chấm phẩy hoặc tab.", "UTF-8, separated by commas, semicolons or tabs."],
    list_progress: ["Tiến độ", "Progress"],
    cancel: ["Dừng lại", "Cancel"],
    list_formula: ["Các ô của bạn được trả lại nguyên văn, kể cả ô bắt đầu bằng = + - @. Bảng tính có thể hiểu ô như vậy là công thức: đừng mở tệp của người lạ mà không kiểm tra.", "Your cells come back as they were, also those that begin with = + - @. A spreadsheet may take such a cell for a formula: do not open a stranger's file unchecked."],
    list_not_utf8: ["Tệp không phải UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8”.", "The file is not UTF-8. Save it as “CSV UTF-8”."],
    list_too_large: ["Tệp lớn hơn 200 MB. Hãy dùng lệnh xacthuc verify.", "The file is larger than 200 MB. Use the command xacthuc verify."],
    list_no_id: ["Không có cột số định danh. Tiêu đề có thể là: id, Số định danh, Số căn cước, CCCD.", "There is no column of personal numbers. Its heading may be: id, Số định danh, Số căn cước, CCCD."],
    list_no_claim: ["Không có cột nào để đối chiếu, như Họ và tên hoặc Ngày sinh.", "There is no column to compare, such as name or birth_date."],
    list_twice: ["Hai cột cùng có nghĩa “{field}”. Hãy bỏ một cột.", "Two columns mean “{field}”. Take one out."],
    list_both: ["Cột “{first}” và cột “{second}” loại trừ nhau.", "The columns “{first}” and “{second}” exclude each other."],
    list_empty: ["Tệp không có dòng nào dưới tiêu đề.", "The file has no line below its headings."],
    list_columns: ["Cột trong tệp", "Column"],
    list_means: ["Được hiểu là", "Understood as"],
    list_not_sent: ["không gửi đi", "not sent"],
    list_asker: ["Cơ quan và thủ tục của cả danh sách", "Agency and procedure of the whole list"],
    list_start: ["Xác thực {rows} dòng", "Verify {rows} rows"],
    list_at: ["{done} trên {rows} dòng", "{done} of {rows} rows"],
    list_cancelled: ["Đã dừng sau {done} dòng. Các dòng đó đã được trả lời.", "Cancelled after {done} rows, which were answered."],
    list_done: ["Xong: {rows} dòng trong {seconds} giây.", "Done: {rows} rows in {seconds} s."],
    list_download: ["Tải tệp kết quả", "Download the result"],
    list_outcome: ["Kết quả", "Outcome"],
    list_rows: ["Số dòng", "Rows"],
    list_fault_cells: ["Dòng không đủ hoặc thừa ô so với tiêu đề.", "The row has not as many cells as there are headings."],
    list_fault_quote: ["Dấu nháy kép trong dòng không đúng.", "A quote in the row is wrong."],
    list_not_answered: ["Không được trả lời.", "Not answered."],
    list_group_verified: ["Khớp", "Verified"],
    list_group_not: ["Không khớp hoặc không thể nói", "Not matched, or cannot say"],
    list_group_refused: ["Bị từ chối", "Refused"],
    list_group_fault: ["Dòng có lỗi", "Faulty rows"],

    citizen_title: ["Ai đã hỏi về tôi", "Who asked about me"],
    citizen_lead: ["Mỗi lần có cơ quan hỏi về bạn, sổ ghi giữ lại: lúc nào, cơ quan nào, để làm gì, hỏi những gì. Chỉ bạn xem được, bằng chữ ký của tài khoản định danh.", "Whenever an agency asks about you, the ledger keeps when, who, what for, and what was asked. Only you can see it, by a signature of your digital account."],
    my_proof: ["Chữ ký từ ứng dụng định danh", "Proof from your identity app"],
    my_proof_hint: ["Dán văn bản JSON mà ứng dụng tạo ra. Chữ ký chỉ dùng được một lần, trong vài phút.", "Paste the JSON that the app makes. A proof is good once, for some minutes."],
    my_ask: ["Xem danh sách", "Show the list"],
    wrong_proof: ["Đây không phải chữ ký mà ứng dụng tạo ra.", "This is not a proof that the app makes."],
    my_none: ["Sổ ghi không có lần hỏi nào mà bạn được xem.", "The ledger has no question about you that you may see."],
    my_count: ["{count} lần", "Asked about {count} times"],
    my_sentence: ["{agency} hỏi theo {procedure}: {claims}.", "{agency} asked by {procedure}: {claims}."],
    my_agency: ["Cơ quan số {number}", "Agency {number}"],
    my_procedure: ["thủ tục số {number}", "procedure {number}"],
    my_no_claims: ["không nêu thông tin nào", "nothing in particular"],
    my_answer: ["Câu trả lời: {meaning}", "The answer: {meaning}"],
    my_withheld: ["{agency} đã hỏi. Vì việc gì thì được giữ kín theo quy tắc của sổ ghi.", "{agency} asked. In which matter is withheld by the ledger's rules."],
    my_own_purpose: ["việc không có số thủ tục", "no numbered procedure"],
    my_newest: ["{count} lần mới nhất trong {total} lần", "The newest {count} of {total}"],

    operator_title: ["Vận hành", "Operation"],
    operator_ready: ["Dịch vụ sẵn sàng.", "The service is ready."],
    operator_not_ready: ["Dịch vụ chưa sẵn sàng: không nên hỏi lúc này.", "The service is not ready and should not be asked now."],
    operator_gone: ["Không đọc được số liệu từ dịch vụ.", "The service's figures cannot be read."],
    operator_totals: ["Từ khi khởi động", "Since the start"],
    figure_rate: ["Câu hỏi mỗi giây", "Questions a second"],
    figure_age: ["Tuổi dữ liệu", "Age of the register"],
    figure_citizens: ["Công dân", "Citizens"],
    figure_sequence: ["Biến động mới nhất", "Last change"],
    figure_connections: ["Kết nối", "Connections"],
    figure_alarms: ["Cảnh báo", "Alarms"],
    chart_rate: ["Câu hỏi mỗi giây", "Questions a second"],
    chart_outcomes: ["Câu trả lời mỗi giây, theo nhóm", "Verdicts a second, by group"],
    chart_age: ["Tuổi dữ liệu, mili giây", "Age of the register, ms"],
    chart_problems: ["Yêu cầu bị từ chối mỗi giây", "Requests refused a second"],
    chart_alarms: ["Cảnh báo và giới hạn mỗi giây", "Alarms and limits met a second"],
    chart_connections: ["Kết nối", "Connections"],
    chart_now: ["{name}: hiện {value}", "{name}: now {value}"],
    chart_span: ["2 phút", "2 minutes"],
    group_verified: ["khớp", "verified"],
    group_not: ["không khớp", "not matched"],
    group_refused: ["từ chối", "refused"],
    group_technical: ["kỹ thuật", "technical"],
    series_alarms: ["cảnh báo", "alarms"],
    series_limits: ["giới hạn", "limits"],
    total_what: ["Điều được đếm", "What is counted"],
    total_count: ["Số lần", "Count"],
    now: ["bây giờ", "now"],
};

const kept = "xacthuc-desk-language";
let language = initialLanguage();

function initialLanguage() {
    const asked = new URLSearchParams(globalThis.location?.search ?? "").get("lang");
    if (asked === "vi" || asked === "en") return asked;
    try {
        return localStorage.getItem(kept) === "en" ? "en" : "vi";
    } catch {
        return "vi";
    }
}

export const currentLanguage = () => language;

export function setLanguage(to) {
    language = to;
    try {
        localStorage.setItem(kept, to);
    } catch {
        // A browser that keeps nothing asks again next time.
    }
}

// The text of a key, with {places} filled in.
export function word(key, places = {}) {
    const found = words[key];
    if (found === undefined) throw new Error(`no word ${key}`);
    return found[language === "vi" ? 0 : 1].replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ""));
}

// The name of a question's member: what the page has no word for is called as the service calls it.
export function memberWord(name) {
    if (name === "name_exact") return `${word("field_name")} (${word("field_name_exact").toLowerCase()})`;
    return `field_${name}` in words ? word(`field_${name}`) : name;
}

export const writtenNumber = (number, digits = 0) =>
    new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: digits }).format(number);
