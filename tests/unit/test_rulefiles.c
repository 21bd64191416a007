/*
 * Windows Magnification API screen capture: the ready rules of rules/
 *
 * This file is part of FFmpeg.
 *
 * FFmpeg is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * FFmpeg is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with FFmpeg; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/* The name of a test is the sentence it proves. */

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavdevice/magnifier/rules.h"

#include "utf16.h"

/* The tests run in the project's folder. */
#define FOLDER "rules/"

static glob_t files;

static int find_files(void **state)
{
    return glob(FOLDER "*.txt", 0, NULL, &files);
}

static char *contents(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);

    if (!f || !text || !fread(text, 1, (1 << 16) - 1, f))
        fail_msg("cannot read %s", path);
    fclose(f);
    return text;
}

static MagnifierRules *rules_of(const char *path)
{
    MagnifierRules *rules = NULL;
    char err[MAGNIFIER_RULES_ERROR], *text = contents(path);

    if (ff_magnifier_rules_add_file(&rules, text, strlen(text), err, sizeof(err)) < 0)
        fail_msg("%s: %s", path, err);
    free(text);
    return rules;
}

static void each_line_is_a_rule_with_its_source(void **state)
{
    for (size_t i = 0; i < files.gl_pathc; i++) {
        MagnifierRules *rules = rules_of(files.gl_pathv[i]);
        char *text = contents(files.gl_pathv[i]);
        int nb = 0, has_source = 0;

        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
            if (*line == '#') {
                has_source = strstr(line, " [") && strchr(line, ']');
                continue;
            }
            nb++;
            if (!has_source)
                fail_msg("%s: no source above \"%s\"", files.gl_pathv[i], line);
        }
        assert_true(nb > 0);
        assert_int_equal(ff_magnifier_rules_count(rules), nb);
        free(text);
        ff_magnifier_rules_free(&rules);
    }
}

static void the_readme_lists_each_file(void **state)
{
    char *readme = contents(FOLDER "README.md"), entry[128];

    for (size_t i = 0; i < files.gl_pathc; i++) {
        snprintf(entry, sizeof(entry), "| `%s` |", files.gl_pathv[i] + strlen(FOLDER));
        if (!strstr(readme, entry))
            fail_msg("no line %s", entry);
    }
    free(readme);
}

static MagnifierVerdict ask(const char *file, const char *exe, const char *class_name, const char *title)
{
    char path[128];
    MagnifierRules *rules;
    MagnifierRuleFacts facts;
    MagnifierVerdict verdict;

    snprintf(path, sizeof(path), FOLDER "%s.txt", file);
    rules = rules_of(path);
    facts = (MagnifierRuleFacts) {
        .title      = text_of(title, 1),
        .class_name = text_of(class_name, 1),
        .exe        = text_of(exe, 1),
        .pid        = 1000,
        .hwnd       = 0x10000,
        .self       = MAGNIFIER_NO,
    };
    verdict = ff_magnifier_rules_match(rules, &facts, NULL);
    free((void *)facts.title.units);
    free((void *)facts.class_name.units);
    free((void *)facts.exe.units);
    ff_magnifier_rules_free(&rules);
    return verdict;
}

static void windows_as_they_are_reported(void **state)
{
    static const struct {
        const char *file, *exe, *class_name, *title;
        MagnifierVerdict verdict;
    } windows[] = {
        { "chat", "C:/Users/me/AppData/Local/slack/app-4/Slack.exe", "Chrome_WidgetWin_1", "Channel - Slack", MAGNIFIER_MATCH },
        { "chat", "C:/Program Files/WindowsApps/MSTeams/ms-teams.exe", "TeamsWebView", "Chat | Microsoft Teams", MAGNIFIER_MATCH },
        { "chat", "C:/Windows/notepad.exe", "Notepad", "slack.exe - Notepad", MAGNIFIER_NO },
        { "passwords", "C:/Windows/System32/CredentialUIBroker.exe", "Credential Dialog Xaml Host", "Windows Security", MAGNIFIER_MATCH },
        { "passwords", "C:/Program Files/GnuPG/pinentry-w32.exe", "#32770", "Pinentry", MAGNIFIER_MATCH },
        { "passwords", "C:/Program Files/KeePassXC/KeePassXC.exe", "Qt5152QWindowIcon", "Passwords", MAGNIFIER_MATCH },
        { "notifications", "C:/Windows/SystemApps/ShellExperienceHost.exe", "Windows.UI.Core.CoreWindow", "New notification", MAGNIFIER_MATCH },
        { "notifications", "C:/Windows/explorer.exe", "CabinetWClass", "Documents", MAGNIFIER_NO },
        { "previews", "C:/Windows/explorer.exe", "TaskListThumbnailWnd", "", MAGNIFIER_MATCH },
        { "previews", "C:/Windows/explorer.exe", "Shell_TrayWnd", "", MAGNIFIER_NO },
        { "input-method", "C:/Windows/notepad.exe", "mscandui40.candidate", "Microsoft Candidate UI", MAGNIFIER_MATCH },
        { "input-method", "C:/Windows/notepad.exe", "MSCTFIME UI", "MSCTFIME UI", MAGNIFIER_NO },
        { "consoles", "C:/Program Files/WindowsApps/WindowsTerminal.exe", "CASCADIA_HOSTING_WINDOW_CLASS", "Ubuntu", MAGNIFIER_MATCH },
        { "consoles", "C:/Windows/System32/cmd.exe", "ConsoleWindowClass", "cmd", MAGNIFIER_MATCH },
        { "private-browsing", "C:/Edge/msedge.exe", "Chrome_WidgetWin_1", "Bing - [InPrivate] - Microsoft\xe2\x80\x8b Edge", MAGNIFIER_MATCH },
        { "private-browsing", "C:/Edge/msedge.exe", "Chrome_WidgetWin_1", "Bing - Microsoft\xe2\x80\x8b Edge", MAGNIFIER_NO },
        { "private-browsing", "C:/Firefox/firefox.exe", "MozillaWindowClass", "Page \xe2\x80\x94 Mozilla Firefox Private Browsing", MAGNIFIER_MATCH },
        { "private-browsing", "C:/Firefox/firefox.exe", "MozillaWindowClass", "Private Browsing is good \xe2\x80\x94 Mozilla Firefox", MAGNIFIER_NO },
        { "private-browsing", "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "New Incognito tab - Google Chrome", MAGNIFIER_MATCH },
        /* as the file warns */
        { "private-browsing", "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "Page - Google Chrome", MAGNIFIER_NO },
    };

    for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++)
        if (ask(windows[i].file, windows[i].exe, windows[i].class_name, windows[i].title) != windows[i].verdict)
            fail_msg("%s.txt: %s, \"%s\"", windows[i].file, windows[i].exe, windows[i].title);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_a_rule_with_its_source),
        cmocka_unit_test(the_readme_lists_each_file),
        cmocka_unit_test(windows_as_they_are_reported),
    };

    return cmocka_run_group_tests(tests, find_files, NULL);
}
