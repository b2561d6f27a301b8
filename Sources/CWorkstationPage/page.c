// Made from Assets by `make page-files`: add files there, not here.
#include "CWorkstationPage.h"

// C23's #embed, which clang takes in any C: no time to compile, and a changed file is noticed.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "Assets/anatomy.js"
};

static const unsigned char file_1[] = {
#embed "Assets/api.js"
};

static const unsigned char file_2[] = {
#embed "Assets/app.js"
};

static const unsigned char file_3[] = {
#embed "Assets/archive-reader.js"
};

static const unsigned char file_4[] = {
#embed "Assets/audit.js"
};

static const unsigned char file_5[] = {
#embed "Assets/boxes.js"
};

static const unsigned char file_6[] = {
#embed "Assets/deliveries.js"
};

static const unsigned char file_7[] = {
#embed "Assets/dialogs.js"
};

static const unsigned char file_8[] = {
#embed "Assets/dom.js"
};

static const unsigned char file_9[] = {
#embed "Assets/draft.js"
};

static const unsigned char file_10[] = {
#embed "Assets/events.js"
};

static const unsigned char file_11[] = {
#embed "Assets/explanation.js"
};

static const unsigned char file_12[] = {
#embed "Assets/favicon.svg"
};

static const unsigned char file_13[] = {
#embed "Assets/findings-panel.js"
};

static const unsigned char file_14[] = {
#embed "Assets/icons.js"
};

static const unsigned char file_15[] = {
#embed "Assets/image.js"
};

static const unsigned char file_16[] = {
#embed "Assets/improvement.js"
};

static const unsigned char file_17[] = {
#embed "Assets/index.html"
};

static const unsigned char file_18[] = {
#embed "Assets/keys.js"
};

static const unsigned char file_19[] = {
#embed "Assets/nodule-list.js"
};

static const unsigned char file_20[] = {
#embed "Assets/openapi.json"
};

static const unsigned char file_21[] = {
#embed "Assets/plane-pane.js"
};

static const unsigned char file_22[] = {
#embed "Assets/print.css"
};

static const unsigned char file_23[] = {
#embed "Assets/problems.js"
};

static const unsigned char file_24[] = {
#embed "Assets/renderers.js"
};

static const unsigned char file_25[] = {
#embed "Assets/report.js"
};

static const unsigned char file_26[] = {
#embed "Assets/review.js"
};

static const unsigned char file_27[] = {
#embed "Assets/scan-view.js"
};

static const unsigned char file_28[] = {
#embed "Assets/scan.js"
};

static const unsigned char file_29[] = {
#embed "Assets/session.js"
};

static const unsigned char file_30[] = {
#embed "Assets/settings.js"
};

static const unsigned char file_31[] = {
#embed "Assets/sides.js"
};

static const unsigned char file_32[] = {
#embed "Assets/study-keys.js"
};

static const unsigned char file_33[] = {
#embed "Assets/study.js"
};

static const unsigned char file_34[] = {
#embed "Assets/style.css"
};

static const unsigned char file_35[] = {
#embed "Assets/thresholds.js"
};

static const unsigned char file_36[] = {
#embed "Assets/uploads.js"
};

static const unsigned char file_37[] = {
#embed "Assets/viewer.js"
};

static const unsigned char file_38[] = {
#embed "Assets/viewport.js"
};

static const unsigned char file_39[] = {
#embed "Assets/windowing.js"
};

static const unsigned char file_40[] = {
#embed "Assets/words.de.json"
};

static const unsigned char file_41[] = {
#embed "Assets/words.en.json"
};

static const unsigned char file_42[] = {
#embed "Assets/words.js"
};

static const unsigned char file_43[] = {
#embed "Assets/worklist.js"
};

static const CWorkstationPageFile files[] = {
    {"anatomy.js", file_0, sizeof file_0},
    {"api.js", file_1, sizeof file_1},
    {"app.js", file_2, sizeof file_2},
    {"archive-reader.js", file_3, sizeof file_3},
    {"audit.js", file_4, sizeof file_4},
    {"boxes.js", file_5, sizeof file_5},
    {"deliveries.js", file_6, sizeof file_6},
    {"dialogs.js", file_7, sizeof file_7},
    {"dom.js", file_8, sizeof file_8},
    {"draft.js", file_9, sizeof file_9},
    {"events.js", file_10, sizeof file_10},
    {"explanation.js", file_11, sizeof file_11},
    {"favicon.svg", file_12, sizeof file_12},
    {"findings-panel.js", file_13, sizeof file_13},
    {"icons.js", file_14, sizeof file_14},
    {"image.js", file_15, sizeof file_15},
    {"improvement.js", file_16, sizeof file_16},
    {"index.html", file_17, sizeof file_17},
    {"keys.js", file_18, sizeof file_18},
    {"nodule-list.js", file_19, sizeof file_19},
    {"openapi.json", file_20, sizeof file_20},
    {"plane-pane.js", file_21, sizeof file_21},
    {"print.css", file_22, sizeof file_22},
    {"problems.js", file_23, sizeof file_23},
    {"renderers.js", file_24, sizeof file_24},
    {"report.js", file_25, sizeof file_25},
    {"review.js", file_26, sizeof file_26},
    {"scan-view.js", file_27, sizeof file_27},
    {"scan.js", file_28, sizeof file_28},
    {"session.js", file_29, sizeof file_29},
    {"settings.js", file_30, sizeof file_30},
    {"sides.js", file_31, sizeof file_31},
    {"study-keys.js", file_32, sizeof file_32},
    {"study.js", file_33, sizeof file_33},
    {"style.css", file_34, sizeof file_34},
    {"thresholds.js", file_35, sizeof file_35},
    {"uploads.js", file_36, sizeof file_36},
    {"viewer.js", file_37, sizeof file_37},
    {"viewport.js", file_38, sizeof file_38},
    {"windowing.js", file_39, sizeof file_39},
    {"words.de.json", file_40, sizeof file_40},
    {"words.en.json", file_41, sizeof file_41},
    {"words.js", file_42, sizeof file_42},
    {"worklist.js", file_43, sizeof file_43},
};

size_t cworkstation_page_count(void) { return sizeof files / sizeof *files; }

CWorkstationPageFile cworkstation_page_file(size_t index) { return files[index]; }
