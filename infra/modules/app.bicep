param name string
param location string
param tags object

@allowed(['flex', 'dedicated'])
param plan string
param dedicatedSize string
param instanceMemoryMB int
param nodeVersion string
param identityName string

@description('Empty: no sign-in.')
param signInIdentityName string
param storageAccountName string
param deploymentContainer string
param componentName string

@description('Empty: the workflow keeps its state in the storage account.')
param schedulerName string

@description('Subnet for outbound traffic. Empty: none.')
param subnetId string

@description('Settings of the auditor by name.')
param settings object

var flex = plan == 'flex'
var signIn = !empty(signInIdentityName)
var scheduled = !empty(schedulerName)
var storageSuffix = environment().suffixes.storage

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource signInIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (signIn) {
  name: signInIdentityName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = if (scheduled) {
  name: schedulerName
}

resource servicePlan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: flex ? 'functionapp' : 'linux'
  sku: flex ? { name: 'FC1', tier: 'FlexConsumption' } : { name: dedicatedSize }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union({ '${identity.id}': {} }, signIn ? { '${signInIdentity.id}': {} } : {})
  }
  properties: {
    serverFarmId: servicePlan.id
    httpsOnly: true
    // For Key Vault references that somebody adds for further channels.
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: union(
      {
        minTlsVersion: '1.2'
        scmMinTlsVersion: '1.2'
        ftpsState: 'Disabled'
        remoteDebuggingEnabled: false
      },
      flex ? {} : { alwaysOn: true, linuxFxVersion: 'Node|${nodeVersion}', vnetRouteAllEnabled: !empty(subnetId) }
    )
    functionAppConfig: flex
      ? {
          deployment: {
            storage: {
              type: 'blobContainer'
              value: 'https://${storageAccountName}.blob.${storageSuffix}/${deploymentContainer}'
              authentication: {
                type: 'UserAssignedIdentity'
                userAssignedIdentityResourceId: identity.id
              }
            }
          }
          runtime: { name: 'node', version: nodeVersion }
          scaleAndConcurrency: {
            maximumInstanceCount: 40
            instanceMemoryMB: instanceMemoryMB
          }
        }
      : null
  }
}

// Nobody publishes with a user name and password.
resource ftpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource scmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

// What is known before a deployment. The snapshots show these values.
var known = union(
  {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__blobServiceUri: 'https://${storageAccountName}.blob.${storageSuffix}'
    AzureWebJobsStorage__queueServiceUri: 'https://${storageAccountName}.queue.${storageSuffix}'
    AzureWebJobsStorage__tableServiceUri: 'https://${storageAccountName}.table.${storageSuffix}'
  },
  flex
    ? {}
    : { FUNCTIONS_EXTENSION_VERSION: '~4', FUNCTIONS_WORKER_RUNTIME: 'node', WEBSITE_RUN_FROM_PACKAGE: '1' },
  scheduled
    ? {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
      }
    : {},
  signIn ? { WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId } : {},
  settings
)

resource appSettings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: union(
    known,
    {
      AZURE_CLIENT_ID: identity.properties.clientId
      AzureWebJobsStorage__clientId: identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    },
    signIn
      ? { OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: signInIdentity!.properties.clientId }
      : {},
    scheduled
      ? {
          DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.properties.endpoint};TaskHub=AksSubnetAuditor;Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}'
        }
      : {}
  )
}

output name string = site.name
output hostName string = site.properties.defaultHostName
