// SPDX-License-Identifier: Apache-2.0
// What outcomes and problems mean to the person at the desk, in Vietnamese and English, by their stable numbers: what is
// so, and what to do. A test finds a number that is missing here.

// [Vietnamese, English] of every outcome.
export const outcomes = {
    0: ["Khớp: mọi thông tin đã nêu đều đúng với cơ sở dữ liệu.", "Verified: everything that was stated is as the register has it."],
    100: ["Họ tên không khớp.", "The name does not match."],
    101: ["Họ tên không khớp từng dấu.", "The name does not match mark for mark."],
    102: ["Ngày sinh không khớp.", "The birth date does not match."],
    103: ["Giới tính không khớp.", "The sex does not match."],
    104: ["Tình trạng sống không khớp.", "The life status does not match."],
    105: ["Tình trạng đăng ký không khớp.", "The state of the registration does not match."],
    106: ["Mức độ tài khoản định danh không khớp.", "The level of the digital account does not match."],
    107: ["Trạng thái tài khoản định danh không khớp.", "The state of the digital account does not match."],
    108: ["Tình trạng thẻ căn cước không khớp.", "The state of the identity card does not match."],
    109: ["Tỉnh, thành phố cư trú không khớp.", "The province of residence does not match."],
    110: ["Xã, phường cư trú không khớp.", "The commune or ward of residence does not match."],
    111: ["Thẻ căn cước không còn giá trị vào ngày đã nêu.", "The identity card is not valid on that day."],
    112: ["Người này sinh sau ngày đã nêu: chưa đủ tuổi.", "The person was born after that day: not old enough."],
    113: ["Mức độ tài khoản định danh thấp hơn mức đã nêu.", "The level of the digital account is lower than stated."],
    200: ["Không có ai mang số định danh này. Hãy kiểm tra lại từng chữ số.", "Nobody has this number. Check it digit by digit."],
    201: ["Số định danh này đã được thay bằng số khác. Hãy hỏi số mới.", "Another number has taken this one's place. Ask for the new number."],
    210: ["Người này đã chết.", "The person is deceased."],
    211: ["Người này đã bị tuyên bố mất tích.", "The person is declared missing."],
    220: ["Đăng ký của người này trong cơ sở dữ liệu đang tạm dừng hoặc đã hủy.", "The person's entry in the register is suspended or cancelled."],
    230: ["Chính người này đã khóa tài khoản định danh của mình.", "The holder has locked her own digital account."],
    240: ["Không thông tin nào sai, nhưng cơ sở dữ liệu thiếu dữ liệu cho ít nhất một thông tin.", "Nothing is wrong, but the register has no data for at least one claim."],
    299: ["Không xác thực được. Cơ quan này không được biết lý do cụ thể.", "Not verified. This agency may know no more than that."],
    300: ["Cơ quan này không có trong khung thẩm quyền.", "Policy does not know this agency."],
    301: ["Thủ tục này không có trong khung thẩm quyền.", "Policy does not know this procedure."],
    302: ["Cơ quan này không được dùng thủ tục này.", "This agency may not use this procedure."],
    303: ["Thủ tục này không được hỏi một trong các thông tin đã nêu. Hãy bỏ thông tin đó.", "This procedure may not ask one of the claims. Leave it out."],
    304: ["Thiếu thông tin mà thủ tục này bắt buộc phải nêu. Hãy điền thêm.", "A claim that this procedure requires is missing. Add it."],
    305: ["Thiếu chữ ký của cơ quan hoặc của công dân.", "The agency's or the citizen's proof is missing."],
    306: ["Tài khoản định danh của công dân chưa đủ mức độ.", "The level of the citizen's digital account is too low."],
    307: ["Công dân chưa đồng ý.", "The citizen has not consented."],
    308: ["Khung thẩm quyền chưa hoặc không còn hiệu lực. Hãy báo người quản trị.", "The policy is not valid yet, or no longer. Tell the operator."],
    309: ["Cơ quan này đang bị đình chỉ theo khung thẩm quyền.", "Policy has suspended this agency."],
    400: ["Chữ ký đã quá cũ. Hãy ký lại.", "The proof was issued too long ago. Sign again."],
    401: ["Chữ ký ghi thời điểm trong tương lai. Hãy kiểm tra đồng hồ của máy ký.", "The proof is from the future. Check the clock of the signing device."],
    402: ["Chữ ký này đã được dùng rồi. Hãy ký lại.", "This proof was used before. Sign again."],
    403: ["Hệ thống đang giữ quá nhiều chữ ký. Hãy thử lại sau.", "Too many proofs are remembered now. Try again later."],
    410: ["Đã dùng hết hạn mức của cơ quan hoặc của cán bộ.", "The quota of the agency or the officer is used up."],
    411: ["Hôm nay đã có quá nhiều câu hỏi sai về người này. Hãy thử lại ngày mai.", "Too many questions about this person failed today. Try again tomorrow."],
    412: ["Cơ quan này bị tạm ngừng vì một cảnh báo. Hãy báo người quản trị.", "An alarm has suspended this agency. Tell the operator."],
    500: ["Chữ ký không đúng.", "The signature is not right."],
    501: ["Chưa có khóa đăng ký cho chữ ký này.", "No key is registered for this signature."],
    502: ["Khóa ký đã bị thu hồi.", "The signing key is revoked."],
    600: ["Câu hỏi không có dạng đúng.", "The question is malformed."],
    900: ["Bản ghi trong cơ sở dữ liệu bị hỏng. Hãy báo người quản trị.", "The register's record is damaged. Tell the operator."],
    901: ["Sổ ghi đang hết chỗ. Hãy hỏi lại.", "The ledger has no room now. Ask again."],
    902: ["Sổ ghi đã dừng nên không có câu trả lời. Hãy báo người quản trị.", "The ledger has stopped, so there is no answer. Tell the operator."],
};

// The same of problems: what is wrong with the question, with the request or with the service.
export const problems = {
    1: ["Số định danh phải có đúng 12 chữ số.", "The number must have exactly 12 digits."],
    2: ["Số định danh chỉ gồm chữ số.", "The number consists of digits only."],
    3: ["Ngày không đúng dạng. Hãy viết ngày/tháng/năm.", "This is not a date. Write day/month/year."],
    4: ["Không có ngày này trong lịch, hoặc nằm ngoài khoảng cho phép.", "There is no such day, or it is out of range."],
    5: ["Họ tên trống.", "The name is empty."],
    6: ["Họ tên quá dài.", "The name is too long."],
    7: ["Họ tên không phải văn bản UTF-8.", "The name is not UTF-8."],
    8: ["Họ tên có ký tự điều khiển.", "The name has a control character."],
    9: ["Giới tính phải là nam, nữ hoặc khác.", "The sex is male, female or other."],
    10: ["Tình trạng không phải là một từ được biết.", "The status is not a known word."],
    11: ["Không có mã tỉnh này.", "There is no province of this code."],
    12: ["Mã xã phải có 5 chữ số.", "The code of a commune or ward has 5 digits."],
    13: ["Văn bản mã QR không phải của thẻ căn cước.", "The QR text is not a card's."],
    14: ["Chưa nêu thông tin nào để đối chiếu.", "Nothing is stated that could be compared."],
    15: ["Hai thông tin đã nêu loại trừ nhau.", "Two claims exclude each other."],
    16: ["Số định danh này không dành cho công dân.", "This number is not one that a citizen has."],
    17: ["Mã cơ quan và mã thủ tục là số từ 0 đến 65535.", "Codes of agencies and procedures are from 0 to 65535."],
    18: ["Họ tên có ký tự chưa được Unicode gán.", "The name has a character that Unicode has not assigned."],
    21: ["Thiếu một thông tin bắt buộc.", "A required claim is missing."],
    1000: ["Yêu cầu không phải HTTP/1.1.", "The request is not HTTP/1.1."],
    1001: ["Phần đầu yêu cầu có dòng kết thúc sai.", "A line of the request's head ends wrongly."],
    1002: ["Phần đầu yêu cầu có dòng bị gập.", "A header is folded."],
    1003: ["Yêu cầu không được có Transfer-Encoding.", "The request must not have Transfer-Encoding."],
    1004: ["Content-Length không đúng.", "Content-Length is wrong."],
    1005: ["Phiên bản HTTP không được hỗ trợ.", "This version of HTTP is not spoken."],
    1006: ["Yêu cầu phải có đúng một Host.", "The request must have one Host."],
    1007: ["Phần đầu yêu cầu quá lớn.", "The request's head is too large."],
    1008: ["Nội dung yêu cầu quá lớn.", "The request's body is too large."],
    1009: ["Yêu cầu thiếu Content-Length.", "The request lacks Content-Length."],
    1010: ["Yêu cầu chờ điều không được hỗ trợ.", "The request expects what is not supported."],
    1011: ["Yêu cầu đến quá chậm. Hãy kiểm tra đường truyền rồi thử lại.", "The request came too slowly. Check the connection and try again."],
    1012: ["Yêu cầu này không được có nội dung.", "This request must not have a body."],
    1100: ["Không có gì ở đường dẫn này.", "There is nothing at this path."],
    1101: ["Đường dẫn này không nhận phương thức đã dùng.", "This path does not take this method."],
    1102: ["Kiểu nội dung không được nhận.", "The media type is not taken."],
    1103: ["Mã liên hệ (x-correlator) không đúng dạng.", "The x-correlator is not well formed."],
    1104: ["Mã cán bộ phải là một số nguyên.", "The officer's number is not a whole number."],
    1200: ["Câu hỏi không phải một đối tượng JSON.", "The question is not one JSON object."],
    1201: ["Câu hỏi có trường không được biết.", "The question has an unknown member."],
    1202: ["Câu hỏi có một trường hai lần.", "The question has a member twice."],
    1203: ["Một trường có giá trị sai kiểu hoặc ngoài khoảng.", "A member has a value of the wrong type or range."],
    1204: ["Thiếu một trường bắt buộc.", "A required member is missing."],
    1205: ["Một dòng quá dài.", "A line is too long."],
    1206: ["Lô yêu cầu không gồm các yêu cầu trọn vẹn.", "The batch is not of whole requests."],
    1207: ["Yêu cầu được chuẩn bị bằng khóa băm khác.", "The requests were prepared under another digest key."],
    1300: ["Cơ sở dữ liệu chưa sẵn sàng. Hãy thử lại sau ít giây.", "The register is not ready. Try again in some seconds."],
    1301: ["Dữ liệu cũ hơn mức câu hỏi cho phép. Hãy thử lại sau.", "The register is older than the question allows. Try again later."],
    1302: ["Sổ ghi đã dừng nên không có câu trả lời. Hãy báo người quản trị.", "The ledger has stopped, so there is no answer. Tell the operator."],
    1303: ["Sổ ghi đang hết chỗ. Hãy hỏi lại.", "The ledger has no room now. Ask again."],
    1304: ["Có quá nhiều yêu cầu đang được xử lý. Hãy hỏi lại.", "Too many requests are on their way. Ask again."],
    1400: ["Trình duyệt không đưa ra chứng thư.", "The browser showed no certificate."],
    1401: ["Chứng thư đã hết hạn hoặc chưa có hiệu lực.", "The certificate is not valid at this time."],
    1402: ["Chứng thư đã bị thu hồi.", "The certificate is revoked."],
    1403: ["Chứng thư không do cơ quan được tin cậy cấp.", "The certificate is not of a trusted authority."],
    1404: ["Chứng thư không nêu tên đúng một cơ quan.", "The certificate does not name one agency."],
};

const unknown = ["Dịch vụ trả lời bằng một mã mà trang này không biết. Hãy tải lại trang.", "The service answered with a number that this page does not know. Load the page anew."];

export function meaningOf(table, code) {
    const [vi, en] = table[code] ?? unknown;
    return { vi, en };
}

// Which of the few signs an outcome gets: yes, no, unsure, stop.
export function kindOf(outcome) {
    if (outcome === 0) return "yes";
    if (outcome === 240 || outcome === 299) return "unsure";
    return outcome < 300 ? "no" : "stop";
}
