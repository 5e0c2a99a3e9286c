// Every word of the page, in both languages. `{names}` are filled in by `text`.

const TEXTS = {
    title: { vi: "Chỉ số phục vụ người dân, doanh nghiệp", en: "Service quality index" },
    skip: { vi: "Đến nội dung chính", en: "Skip to the content" },
    language: { vi: "Ngôn ngữ", en: "Language" },
    filters: { vi: "Chọn bảng xếp hạng", en: "Choose a ranking" },
    foot: { vi: "Điểm tính theo Quyết định 766/QĐ-TTg và các bộ chỉ số đã nạp vào hệ thống.", en: "Scored by Decision 766/QĐ-TTg and the other frameworks that this service holds." },
    foot_docs: { vi: "Tài liệu API", en: "API documentation" },
    loading: { vi: "Đang tải…", en: "Loading…" },
    again: { vi: "Thử lại", en: "Try again" },

    framework: { vi: "Bộ chỉ số", en: "Framework" },
    framework_default: { vi: "Mặc định: phiên bản hiệu lực trong kỳ", en: "Default: the version in force" },
    framework_in_force: { vi: "{code}: phiên bản hiệu lực trong kỳ", en: "{code}: the version in force" },
    framework_version: { vi: "{code}, phiên bản {version} (từ {from})", en: "{code}, version {version} (from {from})" },
    period: { vi: "Kỳ", en: "Period" },
    under: { vi: "Thuộc đơn vị", en: "Within" },
    under_hint: { vi: "Cả nước", en: "The whole country" },
    nationwide: { vi: "Cả nước", en: "The whole country" },
    level: { vi: "Cấp", en: "Level" },
    view: { vi: "Cách nhóm", en: "Grouping" },
    view_default: { vi: "{count} nhóm của bộ chỉ số", en: "The framework's {count} groups" },
    find: { vi: "Tìm đơn vị…", en: "Find a unit…" },
    found: { vi: "{count} đơn vị", en: "{count} units" },
    found_none: { vi: "Không tìm thấy đơn vị nào", en: "No unit found" },
    ended: { vi: "đến {date}", en: "until {date}" },

    level_ministry: { vi: "Bộ, ngành trung ương", en: "Ministries" },
    level_province: { vi: "Tỉnh, thành phố", en: "Provinces" },
    level_department: { vi: "Sở, ban, ngành", en: "Departments" },
    level_district: { vi: "Cấp huyện", en: "Districts" },
    level_commune: { vi: "Cấp xã", en: "Communes" },
    level_other: { vi: "Đơn vị khác", en: "Other units" },
    period_month: { vi: "Tháng {number}/{year}", en: "{month} {year}" },
    period_quarter: { vi: "Quý {roman}/{year}", en: "Quarter {number}, {year}" },
    period_half_1: { vi: "6 tháng đầu năm {year}", en: "First half of {year}" },
    period_half_2: { vi: "6 tháng cuối năm {year}", en: "Second half of {year}" },
    period_year: { vi: "Năm {year}", en: "Year {year}" },

    ranking: { vi: "Xếp hạng {level}", en: "Ranking of {level}" },
    size: { vi: "{ranked} đơn vị được xếp hạng trong {size} đơn vị có số liệu", en: "{ranked} ranked of {size} units with figures" },
    size_all: { vi: "{size} đơn vị, đều được xếp hạng", en: "{size} units, all ranked" },
    mean: { vi: "Điểm trung bình", en: "Mean" },
    classes: { vi: "Số đơn vị theo xếp loại", en: "Units per class" },
    as_of: { vi: "Số liệu đến {moment}", en: "Figures as of {moment}" },
    against: { vi: "So với {period}", en: "Compared with {period}" },
    against_none: { vi: "Chưa có số liệu {period} để so sánh", en: "No figures of {period} to compare with" },
    download: { vi: "Tải về:", en: "Download:" },
    documents: { vi: "Văn bản…", en: "Documents…" },
    documents_title: { vi: "Lập văn bản", en: "Make a document" },
    documents_short: { vi: "Báo cáo ngắn", en: "Short reports" },
    document_unit: { vi: "Đơn vị", en: "Unit" },
    document_kind: { vi: "Loại văn bản", en: "Kind of document" },
    document_brief: { vi: "Tóm tắt một trang cho lãnh đạo", en: "One page for the leader" },
    document_notice: { vi: "Tin ngắn để gửi nhóm", en: "Short notice for a chat group" },
    document_making: { vi: "Đang lập…", en: "Being made…" },
    document_saved: { vi: "Đã tải về.", en: "Downloaded." },
    notice_show: { vi: "Hiện tin", en: "Show the notice" },
    notice_copy: { vi: "Sao chép", en: "Copy" },
    notice_copied: { vi: "Đã sao chép.", en: "Copied." },
    close: { vi: "Đóng", en: "Close" },
    letters: { vi: "Công văn", en: "Letters" },
    letter_assembled: { vi: "Hệ thống tự soạn, không theo mẫu", en: "Put together by the service, by no template" },
    letter_announcement: { vi: "Mẫu thông báo kết quả", en: "Template: announcement of results" },
    letter_direction: { vi: "Mẫu chỉ đạo, chấn chỉnh", en: "Template: direction" },
    letter_ranking: { vi: "Mẫu xếp hạng các đơn vị", en: "Template: ranking of units" },
    letter_commune: { vi: "Mẫu của cấp xã", en: "Template: commune" },
    letter_own: { vi: "Mẫu riêng: {kind}", en: "The office's own: {kind}" },
    letters_own_failed: { vi: "Chưa đọc được danh sách mẫu riêng của đơn vị; các mẫu có sẵn vẫn dùng được. Đóng rồi mở lại hộp này để thử lại. Lý do: {reason}", en: "The office's own templates could not be listed; those that ship can be used. Close this dialog and open it again to retry. The reason: {reason}" },
    letter_errors: { vi: "Số liệu trong công văn có sai sót:", en: "The figures of the letter have errors:" },
    letter_anyway: { vi: "Vẫn tải công văn về?", en: "Download the letter all the same?" },
    print: { vi: "In", en: "Print" },
    rank: { vi: "Hạng", en: "Rank" },
    unit: { vi: "Đơn vị", en: "Unit" },
    total: { vi: "Tổng điểm", en: "Total" },
    class: { vi: "Xếp loại", en: "Class" },
    unclassed: { vi: "Chưa xếp loại", en: "Not classed" },
    change_total: { vi: "± điểm", en: "± points" },
    change_rank: { vi: "± hạng", en: "± rank" },
    coverage: { vi: "Đủ số liệu", en: "Coverage" },
    covered: { vi: "đủ {share} số liệu", en: "{share} covered" },
    of_max: { vi: "tối đa {max}", en: "of {max}" },
    tied: { vi: "đồng hạng {count}", en: "{count} tied" },
    up: { vi: "tăng", en: "up" },
    down: { vi: "giảm", en: "down" },
    rank_same: { vi: "hạng không đổi", en: "rank unchanged" },
    same: { vi: "không đổi", en: "unchanged" },
    none: { vi: "không có", en: "none" },
    sort_by: { vi: "Sắp xếp theo {column}", en: "Sort by {column}" },
    shown: { vi: "Đang hiện {shown} trong {size} đơn vị.", en: "Showing {shown} of {size} units." },
    more: { vi: "Hiện thêm", en: "Show more" },
    notes: { vi: "Lưu ý khi dùng số liệu", en: "Before you cite these figures" },

    flag_incomplete: { vi: "Thiếu nhóm", en: "Incomplete" },
    flag_partial: { vi: "Thiếu số liệu", en: "Partial" },
    flag_points_exceed_max: { vi: "Vượt điểm tối đa", en: "Above the maximum" },
    flag_adjusted: { vi: "Có điểm cộng, điểm trừ", en: "Adjusted" },
    flag_class_limited: { vi: "Hạ xếp loại", en: "Class limited" },
    flag_provisional: { vi: "Tạm tính", en: "Provisional" },
    flag_outside_validity: { vi: "Ngoài hiệu lực", en: "Not in force" },
    flag_rules_changed: { vi: "Đổi quy định", en: "Rules changed" },
    flag_cohort_changed: { vi: "Đổi nhóm so sánh", en: "Cohort changed" },
    flag_method_changed: { vi: "Đổi cách tính", en: "Method changed" },
    flag_basis_changed: { vi: "Đổi căn cứ", en: "Basis changed" },
    flag_unit_changed: { vi: "Đơn vị sắp xếp lại", en: "Unit changed" },
    flag_before_incomplete: { vi: "Kỳ trước thiếu số liệu", en: "Incomplete before" },
    flag_derived_total: { vi: "Tổng cộng từ điểm nhóm", en: "Derived total" },
    flag_not_observed_again: { vi: "Chưa tra cứu lại", en: "Not looked up again" },
    flag_cohort_hidden: { vi: "Không xem được hạng", en: "Rank not visible" },
    flag_cohort_partial: { vi: "Nhóm chưa đủ đơn vị", en: "Cohort not complete" },
    flag_ended: { vi: "Đã kết thúc hoạt động", en: "Ended" },
    flag_hypothetical: { vi: "Giả định", en: "Hypothetical" },
    role_least: { vi: "thấp nhất", en: "lowest" },
    role_most: { vi: "cao nhất", en: "highest" },
    role_mean: { vi: "trung bình", en: "mean" },
    role_deviation: { vi: "độ lệch chuẩn", en: "standard deviation" },
    role_compared: { vi: "số đơn vị so sánh", en: "units compared" },
    role_lower: { vi: "số đơn vị thấp hơn", en: "units with less" },
    role_equal: { vi: "số đơn vị bằng nhau", en: "units with the same" },
    role_others: { vi: "số đơn vị khác", en: "other units" },
    flag_missing: { vi: "Chưa có số liệu", en: "No figure" },
    flag_zero_denominator: { vi: "Mẫu số bằng 0", en: "Zero denominator" },
    flag_not_applicable: { vi: "Không áp dụng", en: "Not applicable" },
    flag_excluded: { vi: "Không xét", en: "Left out" },
    why_incomplete: { vi: "có nhóm chưa có điểm, nên tổng điểm không so sánh được.", en: "a group has no points, so the total cannot be compared." },
    why_partial: { vi: "có tiêu chí chưa có số liệu trong nhóm đã có điểm; điểm của nhóm là tổng của phần đã biết. Đơn vị thiếu quá mức bộ chỉ số cho phép thì không được xếp loại, xếp hạng.", en: "figures are missing within a group that has points; its points are the sum of what is known. A unit that lacks more than the framework allows is neither classed nor ranked." },
    why_points_exceed_max: { vi: "nguồn công bố số điểm cao hơn mức tối đa; điểm được giữ như nguồn ghi, hãy kiểm tra lại với nguồn.", en: "the source reports more points than there can be; they are kept as reported, check them with the source." },
    why_adjusted: { vi: "tổng điểm có điểm cộng hoặc điểm trừ theo quyết định riêng, nên khác với điểm các nhóm gộp lại.", en: "points were added to the total or taken off it by a decision of its own, so it is not what the groups come to." },
    why_class_limited: { vi: "tổng điểm đạt mức cao hơn, nhưng mức đó đòi hỏi số điểm tối thiểu ở một tiêu chí mà đơn vị chưa đạt.", en: "the total reaches a higher class, which demands points in a criterion that the unit does not have." },
    why_hypothetical: { vi: "điểm tính theo số liệu hoặc quy định giả định, không phải kết quả thực tế.", en: "worked out from figures or rules that are only supposed; this is no result." },
    why_provisional: { vi: "số liệu được tra cứu khi kỳ chưa kết thúc, nên còn thay đổi.", en: "the figures were looked up before the period ended and will still change." },
    why_outside_validity: { vi: "phiên bản bộ chỉ số này không có hiệu lực trong kỳ.", en: "this version of the framework was not in force in the period." },
    why_rules_changed: { vi: "hai kỳ tính theo hai phiên bản khác nhau, nên không kết luận tăng hay giảm.", en: "the two periods follow different versions, so no rise or fall is concluded." },
    why_cohort_changed: { vi: "các đơn vị được xếp hạng của hai kỳ không giống nhau, nên không so sánh thứ hạng.", en: "different units were ranked in the two periods, so ranks are not compared." },
    why_method_changed: { vi: "một kỳ tự tính, một kỳ lấy điểm do nguồn công bố.", en: "one period is computed and the other reported by the source." },
    why_basis_changed: { vi: "điểm của hai kỳ không cùng căn cứ: tổng do nguồn công bố, cộng điểm các nhóm hoặc tính từ số liệu; nên không có mức tăng, giảm.", en: "the points of the two periods rest on different bases: a total as reported, a sum of groups, or figures; so no change is told." },
    why_unit_changed: { vi: "đơn vị được sáp nhập, chia tách hoặc giải thể giữa hai kỳ, nên không so sánh được.", en: "the unit was merged, split or abolished between the two periods, so they cannot be compared." },
    why_before_incomplete: { vi: "kỳ so sánh thiếu số liệu, nên không có mức tăng, giảm của phần thiếu.", en: "something was missing in the period compared with, so no change is told of what misses it." },
    why_derived_total: { vi: "tổng này được cộng từ điểm các nhóm mà nguồn đã làm tròn khi công bố, nên chênh lệch của nó không phải là mức tăng, giảm.", en: "this total adds up groups whose points the source has rounded, so a difference of it is no change." },
    why_not_observed_again: { vi: "số liệu của đơn vị chưa được tra cứu lại sau lần trước, nên không có mức tăng, giảm.", en: "the figures of the unit were not looked up again since, so no change is told." },
    why_cohort_hidden: { vi: "khóa chỉ xem được một phần các đơn vị, nên không có thứ hạng.", en: "the key sees only some of the units, so no rank is told." },
    why_cohort_partial: { vi: "còn đơn vị cùng cấp chưa có số liệu: thứ hạng chỉ là trong số các đơn vị đã có số liệu.", en: "some units of the level have no figures: ranks are among those that have." },
    why_ended: { vi: "đơn vị kết thúc hoạt động trước ngày cuối kỳ, nên không được xếp hạng, xếp loại.", en: "the unit ended before the last day of the period, so it is neither ranked nor classed." },

    back: { vi: "Bảng xếp hạng", en: "Ranking" },
    rank_siblings: { vi: "Trong cùng đơn vị cấp trên", en: "Under the same parent" },
    rank_province: { vi: "Trong tỉnh", en: "In the province" },
    rank_nationwide: { vi: "Cả nước", en: "Nationwide" },
    rank_reported: { vi: "Theo {source}", en: "As {source} reports" },
    rank_source: { vi: "nguồn công bố", en: "the source" },
    unranked: { vi: "không xếp hạng", en: "not ranked" },
    change_against: { vi: "So với {period}", en: "Against {period}" },
    points: { vi: "điểm", en: "points" },
    places: { vi: "bậc", en: "places" },
    method: { vi: "Cách tính", en: "Method" },
    method_computed: { vi: "tính từ số liệu thành phần", en: "computed from components" },
    method_reported: { vi: "lấy điểm do nguồn công bố", en: "as reported by the source" },
    method_mixed: { vi: "một phần tính, một phần do nguồn công bố", en: "partly computed, partly reported" },
    groups_title: { vi: "Điểm theo nhóm", en: "Points per group" },
    explained: { vi: "Giải thích điểm", en: "The score explained" },
    open_all: { vi: "Mở tất cả", en: "Open all" },
    close_all: { vi: "Thu gọn", en: "Collapse" },
    arithmetic: { vi: "Phép tính", en: "Arithmetic" },
    figures: { vi: "Số liệu", en: "Figures" },
    why: { vi: "Phép tính và căn cứ", en: "Arithmetic and legal basis" },
    law: { vi: "Căn cứ", en: "Legal basis" },
    looked_up: { vi: "{source}, tra cứu {moment}", en: "{source}, looked up {moment}" },
    source_national_portal: { vi: "Cổng Dịch vụ công quốc gia", en: "National Public Service Portal" },
    source_provincial_system: { vi: "Hệ thống thông tin của tỉnh", en: "Provincial system" },
    source_manual: { vi: "Nhập tay", en: "Entered by hand" },
    series: { vi: "Qua các kỳ", en: "Through time" },
    series_chart: { vi: "Tổng điểm qua {count} kỳ: {values}", en: "Total through {count} periods: {values}" },
    rank_of: { vi: "{rank}/{of}", en: "{rank}/{of}" },

    published: { vi: "Kết quả đã công bố", en: "Published results" },
    published_none: { vi: "Chưa có kết quả nào được công bố.", en: "Nothing has been published yet." },
    published_on: { vi: "Công bố ngày {day}", en: "Published on {day}" },
    status_draft: { vi: "Dự thảo", en: "Draft" },
    status_superseded: { vi: "Đã được thay thế", en: "Superseded" },
    status_withdrawn: { vi: "Đã thu hồi", en: "Withdrawn" },
    superseded_by: { vi: "Xem bản thay thế", en: "See what replaced it" },
    key_title: { vi: "Cần khóa truy cập", en: "A key is needed" },
    key_why: { vi: "Số liệu trực tiếp chưa công bố chỉ xem được khi có khóa với quyền đọc số liệu (values:read). Người quản trị hệ thống của cơ quan bạn cấp khóa này.", en: "Live figures that are not yet published are shown to holders of a key that may read values (values:read). The administrator of this service hands it out." },
    key_label: { vi: "Khóa truy cập", en: "Key" },
    key_kept: { vi: "Khóa chỉ được giữ trong thẻ trình duyệt này, mất khi đóng thẻ, không nằm trong địa chỉ trang.", en: "The key stays in this browser tab only, is gone when the tab closes, and never stands in an address." },
    key_use: { vi: "Dùng khóa", en: "Use the key" },
    key_later: { vi: "Để sau", en: "Later" },
    key_forget: { vi: "Quên khóa", en: "Forget the key" },
    key_short: { vi: "Khóa", en: "Key" },
    key_held: { vi: "Khóa: đang dùng", en: "Key: in use" },
    key_absent: { vi: "Khóa: chưa nhập", en: "Key: not entered" },
    key_enter: { vi: "Nhập khóa", en: "Enter a key" },

    empty_board: { vi: "Không có số liệu cho lựa chọn này", en: "No figures for this choice" },
    empty_levels: { vi: "Trong kỳ này có số liệu của:", en: "In this period there are figures of:" },
    empty_periods: { vi: "Cấp này có số liệu trong các kỳ:", en: "This level has figures in:" },
    empty_everything: { vi: "Chưa kỳ nào gần đây có số liệu cho lựa chọn này. Thử chọn cả nước hoặc cấp khác.", en: "None of the recent periods has figures for this choice. Try the whole country or another level." },
    empty_service: { vi: "Hệ thống chưa có số liệu nào", en: "The service holds no figures yet" },
    empty_service_how: { vi: "Nạp số liệu qua POST /v1/imports, hoặc khởi động với chiso serve --demo để xem dữ liệu minh họa.", en: "Send figures by POST /v1/imports, or start with chiso serve --demo to see the demonstration." },
    empty_unit: { vi: "{unit} chưa có số liệu trong {period}", en: "{unit} has no figures in {period}" },
    empty_unit_periods: { vi: "Có số liệu trong các kỳ:", en: "There are figures in:" },
    level_count: { vi: "{level} ({count})", en: "{level} ({count})" },
    refused: { vi: "Không lấy được số liệu", en: "The figures could not be fetched" },
    offline: { vi: "Không kết nối được với máy chủ. Kiểm tra mạng rồi thử lại.", en: "The server cannot be reached. Check the network and try again." },
    start_over: { vi: "Về bảng mặc định", en: "Go to the default ranking" },
};

const REMEMBERED = "chiso.language";

let current = remembered();

function remembered() {
    try {
        return localStorage.getItem(REMEMBERED) === "en" ? "en" : "vi";
    } catch {
        return "vi"; // storage may be forbidden; the page works without
    }
}

export function language() {
    return current;
}

export function setLanguage(code) {
    current = code;
    try {
        localStorage.setItem(REMEMBERED, code);
    } catch {
        // it is then asked for again on the next visit
    }
}

/** The sentence of that name, its `{names}` filled in. */
export function text(name, values = {}) {
    return TEXTS[name][current].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

/** The words for a code of the service (`level_commune`), or the code itself where the page has none. */
export function wordFor(kind, code) {
    const name = `${kind}_${code}`;
    return name in TEXTS ? text(name) : code;
}

/** A name as it stands inside a sentence: "cấp xã", "communes". */
export function inside(name) {
    return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Of a name in both languages, the one to show. */
export function named(name) {
    return (current === "en" && name.en) || name.vi;
}
