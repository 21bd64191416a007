/*
 * through: starts a program with a pipe of Windows for its standard input, and hands on what
 * comes on its own.
 *
 *   through PROGRAM ARGUMENT...
 *
 * A program that is started from Linux has a pipe of Linux, into which PeekNamedPipe(), by which
 * ffmpeg.exe waits for a key, does not look under Wine. Ends with the program's exit code.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#include <windows.h>

static HANDLE to_child;

static DWORD WINAPI hand_on(void *opaque)
{
    char buf[256];
    DWORD nb, written;

    (void)opaque;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), buf, sizeof(buf), &nb, NULL) && nb)
        if (!WriteFile(to_child, buf, nb, &written, NULL))
            break;
    CloseHandle(to_child);
    return 0;
}

/* the command line behind the first word, which is this program */
static WCHAR *rest(WCHAR *line)
{
    int quoted = 0;

    for (; *line && (quoted || *line != ' '); line++)
        quoted ^= *line == '"';
    while (*line == ' ')
        line++;
    return line;
}

int main(void)
{
    SECURITY_ATTRIBUTES inherit = { .nLength = sizeof(inherit), .bInheritHandle = TRUE };
    STARTUPINFOW start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION child;
    DWORD code;

    if (!CreatePipe(&start.hStdInput, &to_child, &inherit, 0))
        return 120;
    SetHandleInformation(to_child, HANDLE_FLAG_INHERIT, 0);
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError  = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(NULL, rest(GetCommandLineW()), NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
        return 121;
    CloseHandle(start.hStdInput);
    CloseHandle(CreateThread(NULL, 0, hand_on, NULL, 0, NULL));
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    ExitProcess(code);
}
