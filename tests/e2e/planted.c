/*
 * planted: a DLL that tells that it was loaded, for planted.t: it makes the file that PLANTED in the
 * environment names. With PROGRAM a program that loads a DLL by its bare name, as the device must
 * not, to see that the trap is one.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#include <windows.h>

#ifdef PROGRAM
int main(void)
{
    wchar_t name[MAX_PATH];

    GetEnvironmentVariableW(L"PLANTED_NAME", name, MAX_PATH);
    return !LoadLibraryW(name);
}
#else
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    wchar_t name[MAX_PATH];

    (void)instance, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH && GetEnvironmentVariableW(L"PLANTED", name, MAX_PATH))
        CloseHandle(CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    return TRUE;
}
#endif
