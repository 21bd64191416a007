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

/** A mark, as "[k] ", is explained above the rules by a page that can be read, or it is "not verified". */
static int is_explained(const char *text, const char *mark)
{
    char line[16];
    const char *found, *next;

    snprintf(line, sizeof(line), "\n# %.3s ", mark);
    found = strstr(text, line);
    if (!found)
        return 0;
    next = strstr(found + 1, "\n# ["); /* the next one, or the end of them */
    if (!next || strstr(found, "\n\n") < next)
        next = strstr(found, "\n\n");
    for (const char *p = found; p < next; p++)
        if (!strncmp(p, "https://", 8) || !strncmp(p, "not verified", 12))
            return 1;
    return 0;
}

static void each_mark_of_a_source_leads_to_one(void **state)
{
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *text = contents(files.gl_pathv[i]);
        int nb = 0;

        for (const char *p = strstr(text, " ["); p; p = strstr(p + 1, " ["))
            if (p[3] == ']') {
                nb++;
                if (!is_explained(text, p + 1))
                    fail_msg("%s: no page for %.3s", files.gl_pathv[i], p + 1);
            }
        assert_true(nb > 0);
        free(text);
    }
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

typedef struct Window {
    const char *exe, *class_name, *title;
} Window;

/**
 * For each rule of each file, in the order that they have there: a window as it is reported, or as it may be, which
 * the rule matches, and one that is near it in one thing, which no rule of the file does.
 */
static const struct {
    const char *file;
    Window match, miss;
} windows[] = {
    { "chat", { "C:/Users/me/AppData/Local/slack/app-4/Slack.exe", "Chrome_WidgetWin_1", "Channel - Slack" },
      { "C:/Users/me/AppData/Local/slack/app-4/slackware.exe", "Chrome_WidgetWin_1", "Channel - Slack" } },
    { "chat", { "C:/Users/me/AppData/Local/Discord/app-1/Discord.exe", "Chrome_WidgetWin_1", "#general - Discord" },
      { "C:/Users/me/AppData/Local/Discord/app-1/DiscordSetup.exe", "Chrome_WidgetWin_1", "#general - Discord" } },
    { "chat", { "C:/Users/me/AppData/Local/DiscordPTB/DiscordPTB.exe", "Chrome_WidgetWin_1", "#general - Discord" },
      { "C:/Users/me/AppData/Local/DiscordPTB/Update.exe", "Chrome_WidgetWin_1", "#general - Discord" } },
    { "chat", { "C:/Users/me/AppData/Local/DiscordCanary/DiscordCanary.exe", "Chrome_WidgetWin_1", "#general - Discord" },
      { "C:/Users/me/AppData/Local/DiscordCanary/Canary.exe", "Chrome_WidgetWin_1", "#general - Discord" } },
    { "chat", { "C:/Program Files/WindowsApps/MSTeams/ms-teams.exe", "TeamsWebView", "Chat | Microsoft Teams" },
      { "C:/Program Files/WindowsApps/MSTeams/ms-teamsupdate.exe", "TeamsWebView", "Chat | Microsoft Teams" } },
    { "chat", { "C:/Users/me/AppData/Local/Microsoft/Teams/current/Teams.exe", "Chrome_WidgetWin_1", "Chat | Microsoft Teams" },
      { "C:/Users/me/AppData/Local/Microsoft/Teams/current/Squirrel.exe", "Chrome_WidgetWin_1", "Chat | Microsoft Teams" } },
    { "chat", { "C:/Users/me/AppData/Local/Zoom/bin/Zoom.exe", "ZPPTMainFrmWndClassEx", "Zoom Meeting" },
      { "C:/Windows/System32/ZoomIt.exe", "ZPPTMainFrmWndClassEx", "Zoom Meeting" } },
    { "chat", { "C:/Program Files/Microsoft/Skype for Desktop/Skype.exe", "Chrome_WidgetWin_1", "Skype" },
      { "C:/Program Files/Microsoft/Skype for Desktop/Skyper.exe", "Chrome_WidgetWin_1", "Skype" } },
    { "chat", { "C:/Program Files/WindowsApps/WhatsAppDesktop/WhatsApp.Root.exe", "WinUIDesktopWin32WindowClass", "WhatsApp" },
      { "C:/Program Files/WindowsApps/WhatsAppDesktop/Root.exe", "WinUIDesktopWin32WindowClass", "WhatsApp" } },
    { "chat", { "C:/Users/me/AppData/Local/WhatsApp/WhatsApp.exe", "Chrome_WidgetWin_1", "WhatsApp" },
      { "C:/Users/me/AppData/Local/WhatsApp/WhatsAppTray.exe", "Chrome_WidgetWin_1", "WhatsApp" } },
    { "chat", { "C:/Users/me/AppData/Local/Programs/signal-desktop/Signal.exe", "Chrome_WidgetWin_1", "Signal" },
      { "C:/Users/me/AppData/Local/Programs/signal-desktop/SignalRGB.exe", "Chrome_WidgetWin_1", "Signal" } },
    { "chat", { "C:/Telegram/Telegram.exe", "Qt5152QWindowIcon", "Telegram" },
      { "C:/Telegram/Updater.exe", "Qt5152QWindowIcon", "Telegram" } },
    { "chat", { "C:/Program Files/Tencent/WeChat/WeChat.exe", "WeChatMainWndForPC", "WeChat" },
      { "C:/Program Files/Tencent/WeChat/WeChatUpdate.exe", "WeChatMainWndForPC", "WeChat" } },
    { "chat", { "C:/Program Files/Tencent/WeChat/WeChatAppEx.exe", "Chrome_WidgetWin_1", "Page" },
      { "C:/Program Files/Tencent/WeChat/WeChatApp.exe", "Chrome_WidgetWin_1", "Page" } },
    { "chat", { "C:/Program Files/Tencent/Weixin/Weixin.exe", "Qt51514QWindowIcon", "Weixin" },
      { "C:/Program Files/Tencent/Weixin/WeixinUpdate.exe", "Qt51514QWindowIcon", "Weixin" } },
    { "chat", { "C:/Program Files/Tencent/QQNT/QQ.exe", "Chrome_WidgetWin_1", "QQ" },
      { "C:/Program Files/Tencent/QQMusic/QQMusic.exe", "Chrome_WidgetWin_1", "QQ" } },
    { "chat", { "C:/Users/me/AppData/Local/LINE/bin/LINE.exe", "Qt663QWindowIcon", "LINE" },
      { "C:/Users/me/AppData/Local/LINE/bin/Outline.exe", "Qt663QWindowIcon", "LINE" } },
    { "chat", { "C:/Users/me/AppData/Local/element-desktop/Element.exe", "Chrome_WidgetWin_1", "Element" },
      { "C:/Users/me/AppData/Local/element-desktop/Elements.exe", "Chrome_WidgetWin_1", "Element" } },
    { "chat", { "C:/Users/me/AppData/Local/Programs/mattermost-desktop/Mattermost.exe", "Chrome_WidgetWin_1", "Mattermost" },
      { "C:/Users/me/AppData/Local/Programs/mattermost-desktop/Matter.exe", "Chrome_WidgetWin_1", "Mattermost" } },
    { "chat", { "C:/Users/me/AppData/Local/Programs/beeper/Beeper.exe", "Chrome_WidgetWin_1", "Beeper" },
      { "C:/Users/me/AppData/Local/Programs/beeper/Beep.exe", "Chrome_WidgetWin_1", "Beeper" } },
    { "chat", { "C:/Program Files/WindowsApps/Microsoft.YourPhone/PhoneExperienceHost.exe", "WinUIDesktopWin32WindowClass", "Phone Link" },
      { "C:/Windows/SystemApps/StartMenuExperienceHost.exe", "WinUIDesktopWin32WindowClass", "Phone Link" } },
    { "chat", { "C:/Program Files/Microsoft Office/root/Office16/OUTLOOK.EXE", "rctrl_renwnd32", "Inbox - Outlook" },
      { "C:/Program Files/Microsoft Office/root/Office16/WINWORD.EXE", "rctrl_renwnd32", "Inbox - Outlook" } },
    { "chat", { "C:/Program Files/WindowsApps/Microsoft.OutlookForWindows/olk.exe", "Olk Host", "Mail - Outlook" },
      { "C:/Program Files/WindowsApps/Microsoft.OutlookForWindows/folk.exe", "Olk Host", "Mail - Outlook" } },
    { "chat", { "C:/Program Files/WindowsApps/microsoft.windowscommunicationsapps/HxOutlook.exe", "Windows.UI.Core.CoreWindow", "Mail" },
      { "C:/Program Files/WindowsApps/microsoft.windowscommunicationsapps/HxCalendarAppImm.exe", "Windows.UI.Core.CoreWindow", "Mail" } },
    { "chat", { "C:/Program Files/Mozilla Thunderbird/thunderbird.exe", "MozillaWindowClass", "Inbox - Mozilla Thunderbird" },
      { "C:/Program Files/Mozilla Firefox/firefox.exe", "MozillaWindowClass", "Inbox - Mozilla Thunderbird" } },
    { "chat", { "C:/Users/me/AppData/Local/Mailspring/mailspring.exe", "Chrome_WidgetWin_1", "Inbox" },
      { "C:/Users/me/AppData/Local/Mailspring/spring.exe", "Chrome_WidgetWin_1", "Inbox" } },
    { "chat", { "C:/Users/me/AppData/Local/Programs/electron-mail/ElectronMail.exe", "Chrome_WidgetWin_1", "ElectronMail" },
      { "C:/Users/me/AppData/Local/Programs/electron-mail/Electron.exe", "Chrome_WidgetWin_1", "ElectronMail" } },
    { "passwords", { "C:/Users/me/AppData/Local/1Password/app/8/1Password.exe", "Chrome_WidgetWin_1", "1Password" },
      { "C:/Users/me/AppData/Local/1Password/app/8/11Password.exe", "Chrome_WidgetWin_1", "1Password" } },
    { "passwords", { "C:/Program Files/Bitwarden/Bitwarden.exe", "Chrome_WidgetWin_1", "Bitwarden" },
      { "C:/Program Files/Bitwarden/bw.exe", "Chrome_WidgetWin_1", "Bitwarden" } },
    { "passwords", { "C:/Program Files/KeePass Password Safe 2/KeePass.exe", "WindowsForms10.Window.8.app.0.1", "Database - KeePass" },
      { "C:/Program Files/KeePass Password Safe 2/KeePassHelper.exe", "WindowsForms10.Window.8.app.0.1", "Database - KeePass" } },
    { "passwords", { "C:/Program Files/KeePassXC/KeePassXC.exe", "Qt5152QWindowIcon", "Passwords" },
      { "C:/Program Files/KeePassXC/keepassxc-cli.exe", "Qt5152QWindowIcon", "Passwords" } },
    { "passwords", { "C:/Users/me/AppData/Local/Dashlane/Dashlane.exe", "Chrome_WidgetWin_1", "Dashlane" },
      { "C:/Users/me/AppData/Local/Dashlane/Dash.exe", "Chrome_WidgetWin_1", "Dashlane" } },
    { "passwords", { "C:/Program Files/Enpass/Enpass.exe", "Qt5152QWindowIcon", "Enpass" },
      { "C:/Program Files/Enpass/Compass.exe", "Qt5152QWindowIcon", "Enpass" } },
    { "passwords", { "C:/Users/me/AppData/Local/Programs/nordpass/NordPass.exe", "Chrome_WidgetWin_1", "NordPass" },
      { "C:/Users/me/AppData/Local/Programs/nordpass/NordVPN.exe", "Chrome_WidgetWin_1", "NordPass" } },
    { "passwords", { "C:/Program Files/LastPass/LastPass.exe", "ApplicationFrameWindow", "LastPass" },
      { "C:/Program Files/LastPass/lastfm.exe", "ApplicationFrameWindow", "LastPass" } },
    { "passwords", { "C:/Users/me/AppData/Local/ProtonPass/ProtonPass.exe", "Chrome_WidgetWin_1", "Proton Pass" },
      { "C:/Users/me/AppData/Local/ProtonPass/ProtonVPN.exe", "Chrome_WidgetWin_1", "Proton Pass" } },
    { "passwords", { "C:/Program Files/Siber Systems/AI RoboForm/robotaskbaricon.exe", "#32770", "RoboForm" },
      { "C:/Program Files/Siber Systems/AI RoboForm/robo.exe", "#32770", "RoboForm" } },
    { "passwords", { "C:/Program Files/Siber Systems/AI RoboForm/robotaskbaricon-x64.exe", "#32770", "RoboForm" },
      { "C:/Program Files/Siber Systems/AI RoboForm/robotaskbaricon-x86.exe", "#32770", "RoboForm" } },
    { "passwords", { "C:/Program Files/GnuPG/bin/pinentry-w32.exe", "#32770", "Pinentry" },
      { "C:/Program Files/GnuPG/bin/gpg-pinentry.exe", "#32770", "Pinentry" } },
    { "passwords", { "C:/Program Files/Gpg4win/bin/kleopatra.exe", "Qt5152QWindowIcon", "Kleopatra" },
      { "C:/Program Files/Gpg4win/bin/gpa.exe", "Qt5152QWindowIcon", "Kleopatra" } },
    { "passwords", { "C:/Windows/System32/CredentialUIBroker.exe", "Dialog", "Windows Security" },
      { "C:/Windows/System32/RuntimeBroker.exe", "Dialog", "Windows Security" } },
    { "passwords", { "C:/Windows/System32/consent.exe", "Credential Dialog Xaml Host", "Windows Security" },
      { "C:/Windows/System32/consent.exe", "Credential Dialog", "Windows Security" } },
    { "passwords", { "C:/Windows/System32/credwiz.exe", "NativeHWNDHost", "Stored User Names and Passwords" },
      { "C:/Windows/System32/wiz.exe", "NativeHWNDHost", "Stored User Names and Passwords" } },
    { "passwords", { "C:/Program Files/Git/mingw64/bin/git-credential-manager-core.exe", "Avalonia-1", "Connect to GitHub" },
      { "C:/Program Files/Git/mingw64/bin/git.exe", "Avalonia-1", "Connect to GitHub" } },
    { "consoles", { "C:/Windows/System32/cmd.exe", "ConsoleWindowClass", "cmd" },
      { "C:/Windows/System32/cmd.exe", "PseudoConsoleWindow", "cmd" } },
    { "consoles", { "C:/Program Files/WindowsApps/Microsoft.WindowsTerminal/WindowsTerminal.exe", "PopupHost", "Ubuntu" },
      { "C:/Program Files/WindowsApps/Microsoft.WindowsTerminal/wt.exe", "PopupHost", "Ubuntu" } },
    { "consoles", { "C:/Program Files/WindowsApps/Preview/Other.exe", "CASCADIA_HOSTING_WINDOW_CLASS", "Ubuntu" },
      { "C:/Program Files/WindowsApps/Preview/Other.exe", "HOSTING_WINDOW_CLASS", "Ubuntu" } },
    { "consoles", { "C:/Windows/System32/WindowsPowerShell/v1.0/powershell_ise.exe", "HwndWrapper[PowerShell_ISE.exe]", "Windows PowerShell ISE" },
      { "C:/Windows/ise.exe", "HwndWrapper[PowerShell_ISE.exe]", "Windows PowerShell ISE" } },
    { "consoles", { "C:/Program Files/Git/usr/bin/mintty.exe", "mintty", "MINGW64:/" },
      { "C:/Program Files/Git/usr/bin/mintty.exe", "tty", "MINGW64:/" } },
    { "consoles", { "C:/Program Files/PuTTY/putty.exe", "PuTTY", "host - PuTTY" },
      { "C:/Program Files/PuTTY/putty.exe", "PuTTYConfigBox", "host - PuTTY" } },
    { "consoles", { "C:/Program Files/ConEmu/ConEmu.exe", "VirtualConsoleClass", "cmd" },
      { "C:/Program Files/ConEmu/ConEmuC.exe", "VirtualConsoleClass", "cmd" } },
    { "consoles", { "C:/Program Files/ConEmu/ConEmu64.exe", "VirtualConsoleClass", "cmd" },
      { "C:/Program Files/ConEmu/ConEmuC64.exe", "VirtualConsoleClass", "cmd" } },
    { "consoles", { "C:/Program Files/Alacritty/alacritty.exe", "Window Class", "Alacritty" },
      { "C:/Program Files/Alacritty/city.exe", "Window Class", "Alacritty" } },
    { "consoles", { "C:/Program Files/WezTerm/wezterm-gui.exe", "org.wezfurlong.wezterm", "WezTerm" },
      { "C:/Program Files/WezTerm/wezterm-mux-server.exe", "org.wezfurlong.wezterm", "WezTerm" } },
    { "consoles", { "C:/Users/me/AppData/Local/Programs/Tabby/Tabby.exe", "Chrome_WidgetWin_1", "Tabby" },
      { "C:/Users/me/AppData/Local/Programs/Tabby/Tab.exe", "Chrome_WidgetWin_1", "Tabby" } },
    { "consoles", { "C:/Program Files/Mobatek/MobaXterm_Personal_25.3.exe", "TMobaXtermForm", "MobaXterm" },
      { "C:/Program Files/Mobatek/MobaEditor.exe", "TMobaXtermForm", "MobaXterm" } },
    { "input-method", { "C:/Windows/notepad.exe", "mscandui21.candidate", "" },
      { "C:/Windows/notepad.exe", "mscandui21.comment", "" } },
    { "input-method", { "C:/Windows/notepad.exe", "mscandui40.candidate", "Microsoft Candidate UI" },
      { "C:/Windows/notepad.exe", "MSCTFIME UI", "Microsoft Candidate UI" } },
    { "input-method", { "C:/Windows/notepad.exe", "MSCandUIWindow_Candidate", "" },
      { "C:/Windows/notepad.exe", "MSCandUIWindow_Comment", "" } },
    { "input-method", { "C:/Windows/SystemApps/MicrosoftWindows.Client.CBS/TextInputHost.exe", "Windows.UI.Core.CoreWindow", "Microsoft Text Input Application" },
      { "C:/Windows/SystemApps/MicrosoftWindows.Client.CBS/SearchHost.exe", "Windows.UI.Core.CoreWindow", "Microsoft Text Input Application" } },
    { "input-method", { "C:/Program Files/Common Files/microsoft shared/ink/TabTip.exe", "IPTip_Main_Window", "" },
      { "C:/Program Files/Common Files/microsoft shared/ink/TabTip.exe", "IPTip_Window", "" } },
    { "notifications", { "C:/Windows/SystemApps/ShellExperienceHost.exe", "Windows.UI.Core.CoreWindow", "New notification" },
      { "C:/Windows/SystemApps/StartMenuExperienceHost.exe", "Windows.UI.Core.CoreWindow", "New notification" } },
    { "notifications", { "C:/Windows/System32/ShellHost.exe", "ControlCenterWindow", "Quick settings" },
      { "C:/Windows/System32/SearchHost.exe", "ControlCenterWindow", "Quick settings" } },
    { "notifications", { "C:/Windows/explorer.exe", "ToastChildWindowClass", "" },
      { "C:/Windows/explorer.exe", "ChildWindowClass", "" } },
    { "notifications", { "C:/Users/me/AppData/Local/Microsoft/Teams/current/Teams.exe", "Chrome_WidgetWin_1", "Microsoft Teams Notification" },
      { "C:/Users/me/AppData/Local/Microsoft/Teams/current/Teams.exe", "Chrome_WidgetWin_1", "Microsoft Teams Notifications" } },
    { "notifications", { "C:/Program Files/Steam/bin/steamwebhelper.exe", "SDL_app", "notificationtoasts_1_desktop" },
      { "C:/Program Files/Steam/bin/steamwebhelper.exe", "SDL_app", "notification" } },
    { "previews", { "C:/Windows/explorer.exe", "TaskListThumbnailWnd", "" },
      { "C:/Windows/explorer.exe", "Shell_TrayWnd", "" } },
    { "previews", { "C:/Windows/explorer.exe", "TaskSwitcherWnd", "Task Switching" },
      { "C:/Windows/explorer.exe", "TaskManagerWindow", "Task Switching" } },
    { "previews", { "C:/Windows/explorer.exe", "MultitaskingViewFrame", "Task View" },
      { "C:/Windows/explorer.exe", "MultitaskingView", "Task View" } },
    { "previews", { "C:/Windows/explorer.exe", "XamlExplorerHostIslandWindow", "" },
      { "C:/Windows/explorer.exe", "ExplorerHostIslandWindow", "" } },
    { "previews", { "C:/Windows/explorer.exe", "ForegroundStaging", "" },
      { "C:/Windows/explorer.exe", "Foreground", "" } },
    { "previews", { "C:/Windows/explorer.exe", "LivePreview", "" },
      { "C:/Windows/explorer.exe", "Preview", "" } },
    { "previews", { "C:/Windows/explorer.exe", "SnapAssistFlyout", "Snap Assist" },
      { "C:/Windows/explorer.exe", "SnapFlyout", "Snap Assist" } },
    { "private-browsing", { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Page \xe2\x80\x94 Mozilla Firefox Private Browsing" },
      { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Private Browsing is good \xe2\x80\x94 Mozilla Firefox" } },
    { "private-browsing", { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Seite \xe2\x80\x94 Mozilla Firefox Privater Modus" },
      { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Privater Modus \xe2\x80\x94 Mozilla Firefox" } },
    { "private-browsing", { "C:/Firefox/firefox.exe", "MozillaWindowClass", "P\xc3\xa1gina \xe2\x80\x94 Mozilla Firefox Navegaci\xc3\xb3n privada" },
      { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Navegaci\xc3\xb3n \xe2\x80\x94 Mozilla Firefox" } },
    { "private-browsing", { "C:/Firefox/firefox.exe", "MozillaWindowClass", "Page \xe2\x80\x94 Navigation priv\xc3\xa9""e de Mozilla Firefox" },
      { "C:/Firefox/firefox.exe", "MozillaWindowClass", "La navigation priv\xc3\xa9""e \xe2\x80\x94 Mozilla Firefox" } },
    { "private-browsing", { "C:/Tor Browser/Browser/firefox.exe", "MozillaWindowClass", "Page \xe2\x80\x94 Tor Browser" },
      { "C:/Tor Browser/Browser/firefox.exe", "MozillaWindowClass", "Tor Browser \xe2\x80\x94 Wikipedia" } },
    { "private-browsing", { "C:/Edge/msedge.exe", "Chrome_WidgetWin_1", "Bing - [InPrivate] - Microsoft\xe2\x80\x8b Edge" },
      { "C:/Edge/msedge.exe", "Chrome_WidgetWin_1", "Bing - Microsoft\xe2\x80\x8b Edge" } },
    { "private-browsing", { "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "New Incognito tab - Google Chrome" },
      { "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "New Tab - Google Chrome" } },
    { "private-browsing", { "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "Neuer Inkognito-Tab - Google Chrome" },
      { "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "Neuer Tab - Google Chrome" } },
    { "private-browsing", { "C:/Brave/brave.exe", "Chrome_WidgetWin_1", "New Private Tab - Brave" },
      { "C:/Brave/brave.exe", "Chrome_WidgetWin_1", "New Tab - Brave" } },
    { "private-browsing", { "C:/Opera/opera.exe", "Chrome_WidgetWin_1", "Speed Dial (Private) - Opera" },
      { "C:/Opera/opera.exe", "Chrome_WidgetWin_1", "Speed Dial - Opera" } },
    { "private-browsing", { "C:/Vivaldi/vivaldi.exe", "Chrome_WidgetWin_1", "Start Page - Vivaldi - Private" },
      { "C:/Chrome/chrome.exe", "Chrome_WidgetWin_1", "Start Page - Vivaldi - Private" } },
};

static MagnifierRuleFacts facts_of(const Window *window)
{
    return (MagnifierRuleFacts) {
        .title      = text_of(window->title, 1),
        .class_name = text_of(window->class_name, 1),
        .exe        = text_of(window->exe, 1),
        .pid        = 1000,
        .hwnd       = 0x10000,
        .self       = MAGNIFIER_NO,
    };
}

static void free_facts(MagnifierRuleFacts *facts)
{
    free((void *)facts->title.units);
    free((void *)facts->class_name.units);
    free((void *)facts->exe.units);
}

static void each_rule_matches_its_window_and_not_what_is_near_it(void **state)
{
    const size_t nb_windows = sizeof(windows) / sizeof(*windows);
    size_t all = 0;

    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *name = files.gl_pathv[i] + strlen(FOLDER);
        MagnifierRules *rules = rules_of(files.gl_pathv[i]);
        int rule = 0;

        for (size_t k = 0; k < nb_windows; k++) {
            MagnifierRuleFacts match, miss;
            size_t length = strlen(windows[k].file);

            if (strncmp(windows[k].file, name, length) || strcmp(name + length, ".txt"))
                continue;
            match = facts_of(&windows[k].match);
            miss  = facts_of(&windows[k].miss);
            if (rule >= ff_magnifier_rules_count(rules) ||
                ff_magnifier_rules_match_one(rules, rule, &match) != MAGNIFIER_MATCH)
                fail_msg("%s: rule %d does not match %s, \"%s\"", name, rule + 1, windows[k].match.exe, windows[k].match.title);
            if (ff_magnifier_rules_match(rules, &miss, NULL) != MAGNIFIER_NO)
                fail_msg("%s: %s, \"%s\" is matched", name, windows[k].miss.exe, windows[k].miss.title);
            free_facts(&match);
            free_facts(&miss);
            rule++;
        }
        if (rule != ff_magnifier_rules_count(rules))
            fail_msg("%s: %d rules, %d of them with a window", name, ff_magnifier_rules_count(rules), rule);
        all += rule;
        ff_magnifier_rules_free(&rules);
    }
    assert_int_equal(all, nb_windows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mark_of_a_source_leads_to_one),
        cmocka_unit_test(each_line_is_a_rule_with_its_source),
        cmocka_unit_test(the_readme_lists_each_file),
        cmocka_unit_test(each_rule_matches_its_window_and_not_what_is_near_it),
    };

    return cmocka_run_group_tests(tests, find_files, NULL);
}
