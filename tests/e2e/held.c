/*
 * held: what another process holds of Windows, by its program's name.
 *
 *   held PROGRAM.EXE
 *
 * Prints "HANDLES WINDOWS THREADS KIB", the last of which is private memory that is committed.
 * Wine 8 answers 0 to whom asks a process for its handles, so they are counted in the list of all.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <winternl.h>
#include <tlhelp32.h>

typedef struct Handles {
    ULONG_PTR nb, reserved;
    struct {
        void *object;
        ULONG_PTR pid, handle;
        ULONG access;
        USHORT creator, type;
        ULONG attributes, reserved;
    } entries[];
} Handles;

typedef struct Windows {
    DWORD pid;
    int nb;
} Windows;

static BOOL CALLBACK count_window(HWND hwnd, LPARAM opaque)
{
    Windows *windows = (Windows *)opaque;
    DWORD pid;

    GetWindowThreadProcessId(hwnd, &pid);
    windows->nb += pid == windows->pid;
    return TRUE;
}

static int count_handles(DWORD pid)
{
    static ULONG size = 16 << 20;
    Handles *handles = malloc(size);
    int nb = 0;

    if (!handles || NtQuerySystemInformation(64 /* SystemExtendedHandleInformation */, handles, size, NULL) < 0)
        return -1;
    for (ULONG_PTR i = 0; i < handles->nb; i++)
        nb += handles->entries[i].pid == pid;
    free(handles);
    return nb;
}

static long count_private(DWORD pid)
{
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, pid);
    MEMORY_BASIC_INFORMATION mbi;
    SIZE_T held = 0;

    for (char *p = NULL; VirtualQueryEx(process, p, &mbi, sizeof(mbi)) == sizeof(mbi);
         p = (char *)mbi.BaseAddress + mbi.RegionSize)
        if (mbi.State == MEM_COMMIT && mbi.Type == MEM_PRIVATE)
            held += mbi.RegionSize;
    CloseHandle(process);
    return held >> 10;
}

int main(int argc, char **argv)
{
    HANDLE snap = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32 entry = { .dwSize = sizeof(entry) };

    for (BOOL more = argc == 2 && Process32First(snap, &entry); more; more = Process32Next(snap, &entry)) {
        Windows windows = { .pid = entry.th32ProcessID };

        if (lstrcmpiA(entry.szExeFile, argv[1]))
            continue;
        EnumWindows(count_window, (LPARAM)&windows);
        printf("%d %d %lu %ld\n", count_handles(windows.pid), windows.nb, entry.cntThreads,
               count_private(windows.pid));
        return 0;
    }
    return 1;
}
